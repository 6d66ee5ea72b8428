// Many draws of a delay, and what is asked of them.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "core/input/units.h"
#include "sim/network/delays/delay.h"

namespace byzsim {

constexpr std::size_t kDraws = 40'000;

inline Parameters parameters_of(const std::string& name,
                                const std::vector<std::pair<std::string, Value>>& changed) {
  Parameters parameters = defaults(delays().at(name).declaration.parameters);
  for (const auto& [key, value] : changed) parameters.set(key, value);
  return parameters;
}

inline Delay make(const std::string& name,
                  const std::vector<std::pair<std::string, Value>>& changed) {
  return make_delay({name, parameters_of(name, changed)}, "");
}

/// The draw of message `counter` on link 5, which is sent `counter` milliseconds into the run.
inline std::int64_t draw(const Delay& delay, std::uint64_t counter) {
  return draw_delay(delay, {Stream(3, Purpose::delay, 5, counter), 3, 5,
                            static_cast<SimTime>(counter) * kMillisecond});
}

/// Draws in ascending order, each from a stream of its own as in a run.
inline std::vector<double> draws(const std::string& name,
                                 const std::vector<std::pair<std::string, Value>>& changed) {
  const Delay delay = make(name, changed);
  std::vector<double> spans;
  for (std::uint64_t i = 0; i < kDraws; ++i) spans.push_back(static_cast<double>(draw(delay, i)));
  std::sort(spans.begin(), spans.end());
  return spans;
}

inline double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / double(values.size());
}

inline double share_below(const std::vector<double>& ascending, double bound) {
  const auto end = std::lower_bound(ascending.begin(), ascending.end(), bound);
  return double(end - ascending.begin()) / double(ascending.size());
}

/// Five standard deviations of a share p of kDraws draws: 5 * sqrt(p (1 - p) / kDraws).
inline double share_margin(double p) { return 5 * std::sqrt(p * (1 - p) / double(kDraws)); }

/// Five deviations of the mean of kDraws draws of the given deviation.
inline double mean_margin(double deviation) { return 5 * deviation / std::sqrt(double(kDraws)); }

}  // namespace byzsim
