// Simulated time: int64 nanoseconds since the start of the run. Real time has no part in it.
//
// Sums and products stop at kEndOfTime instead of overflowing. Spans are never negative: events lie
// in the present or the future.
#pragma once

#include <cstdint>
#include <limits>

#include "core/check.h"

namespace byzsim {

using SimTime = std::int64_t;

/// The end of simulated time, after about 292 years: what would come later is cut here, and
/// reported where it is scheduled.
constexpr SimTime kEndOfTime = std::numeric_limits<SimTime>::max();

/// time + span, at most kEndOfTime.
inline SimTime after(SimTime time, std::int64_t span) {
  BYZ_CHECK(span >= 0, "an event cannot be in the past");
  SimTime sum = 0;
  return __builtin_add_overflow(time, span, &sum) ? kEndOfTime : sum;
}

/// A non-negative number of nanoseconds without its fraction, at most kEndOfTime.
inline std::int64_t span_of(double nanoseconds) {
  BYZ_CHECK(nanoseconds >= 0, "a span is not negative");
  return nanoseconds < 0x1p63 ? static_cast<std::int64_t>(nanoseconds) : kEndOfTime;
}

/// A span as many times as given, at most kEndOfTime; neither is negative.
inline std::int64_t times(std::int64_t span, std::int64_t count) {
  BYZ_CHECK(span >= 0 && count >= 0, "a span is multiplied by a count, neither negative");
  std::int64_t product = 0;
  return __builtin_mul_overflow(span, count, &product) ? kEndOfTime : product;
}

/// Seconds, rounded once.
inline double seconds(SimTime time) { return static_cast<double>(time) / 1e9; }

}  // namespace byzsim
