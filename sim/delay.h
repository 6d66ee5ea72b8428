// Distributions of time spans: how long a message or a computation takes. One file a distribution
// under delays/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/random.h"
#include "core/table.h"

namespace byzsim {

struct DelayEntry {
  Declaration declaration;
  /// A span in nanoseconds, before rounding; non-negative.
  double (*draw)(const Parameters& parameters, Stream& stream);
  /// What is wrong with parameters that are each in range; null when nothing can be.
  std::optional<std::string> (*problem)(const Parameters& parameters);
};

const Table<DelayEntry>& delays();

/// One draw, rounded to the nearest nanosecond (ties up) and cut at kLongestDuration.
std::int64_t draw_delay(const DelayEntry& entry, const Parameters& parameters, Stream stream);

}  // namespace byzsim
