// A line of `byzsim eval` that compresses vectors.
#pragma once

#include "core/input/json.h"
#include "core/machine/parallel.h"

namespace byzsim {

/// {"vectors": as receivers read them, "bytes": of each message}. Vector i is the message of node i
/// in one step. Throws InputError.
template <class Real>
Json compress_line(const Json& request, const Executor& executor);

}  // namespace byzsim
