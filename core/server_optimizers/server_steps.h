// What server optimizers share: loops over coordinates, declared parameters, powers.
#pragma once

#include <cstdint>
#include <string>

#include "core/machine/shards.h"
#include "core/server_optimizers/server_optimizer.h"

namespace byzsim {

/// Calls move(j) for every coordinate, shards side by side.
template <class Move>
void for_each_coordinate(const ServerStep& step, const Move& move) {
  for_each_shard(step.executor, step.model.size(), [&](Shard shard, std::size_t) {
    for (std::size_t j = shard.begin; j < shard.end; ++j) move(j);
  });
}

/// The server's learning rate "rate".
inline Parameter server_rate(double fallback) {
  return real("rate", fallback, 0, 1e12, "the server's learning rate").above_low();
}
/// A factor of exponential averages in [0, 1).
inline Parameter decay_factor(const std::string& name, double fallback,
                              const std::string& summary) {
  return real(name, fallback, 0, 0x1.fffffffffffffp-1, summary);
}
/// The number that keeps a division by a root from being one by 0.
inline Parameter adaptivity(double fallback) {
  return real("tau", fallback, 0, 1e12, "added to the root that a step is divided by").above_low();
}

/// base^exponent, exponent >= 0, by squaring: the same bits everywhere.
inline double whole_power(double base, std::int64_t exponent) {
  double power = 1;
  for (; exponent > 0; exponent /= 2, base *= base)
    if (exponent % 2 == 1) power *= base;
  return power;
}

}  // namespace byzsim
