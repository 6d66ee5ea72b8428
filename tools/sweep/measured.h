// A value of an axis as a size: a number, a duration or a rate.
#pragma once

#include <optional>

#include "core/input/json.h"

namespace byzsim {

/// What a value measures; sizes compare within one quantity.
enum class Quantity { number, duration, rate };

struct Measured {
  Quantity quantity;
  double size;  ///< nanoseconds of a duration, bits a second of a rate

  friend bool operator==(const Measured&, const Measured&) = default;
};

/// Nothing for what is neither a number nor a duration ("5 ms") nor a rate ("1 Gbit/s").
std::optional<Measured> measured(const Json& value);

/// Whether two values mean the same: 1 and 1.0, "1 s" and "1000 ms", the seeds 26 and "0x1a".
bool mean_the_same(const Json& left, const Json& right);

}  // namespace byzsim
