// What of a configuration of ByzFL's benchmark cannot be kept as it is, key by key.
#pragma once

#include "core/input/issue.h"
#include "tools/import/byzfl_config.h"

namespace byzsim {

/// "/key/of/byzfl: what becomes of it". Keys that the file does not have are not among them, unless
/// their default has such an effect.
Notes notes_of(const ByzflConfig& config);

/// Whether the training is federated; all algorithms of a configuration are then.
bool is_federated(const ByzflConfig& config);

}  // namespace byzsim
