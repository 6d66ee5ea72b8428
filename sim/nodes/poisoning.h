// What Byzantine workers do to the examples of their batches before they compute gradients.
#pragma once

#include <variant>

#include "core/datasets/pixel_trigger.h"

namespace byzsim {

/// They train as honest workers do.
struct NoPoisoning {};
/// The label c becomes classes - 1 - c (Tolpegin et al., ESORICS 2020).
struct FlippedLabels {};

using Poisoning = std::variant<NoPoisoning, FlippedLabels, PixelTrigger>;

}  // namespace byzsim
