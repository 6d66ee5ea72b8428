// Simulated time: int64 nanoseconds since the start of the run. Real time has no part in it.
#pragma once

#include <cstdint>

#include "core/check.h"

namespace byzsim {

using SimTime = std::int64_t;

/// time + span, checked: about 292 years of simulated time may pass.
inline SimTime after(SimTime time, std::int64_t span) {
  BYZ_CHECK(span >= 0, "an event cannot be in the past");
  SimTime sum = 0;
  BYZ_CHECK(!__builtin_add_overflow(time, span, &sum), "simulated time overflows");
  return sum;
}

/// Seconds, rounded once.
inline double seconds(SimTime time) { return static_cast<double>(time) / 1e9; }

}  // namespace byzsim
