// The definitions of the rules of decentralised training in long double, with equal weights: the
// first of n vectors is the own one, and of the others f may be Byzantine.
#pragma once

#include "tests/core/long_definitions.h"

namespace byzsim::long_definitions {

inline Number own_distance(const Vectors& x, std::size_t j) {
  return std::sqrt(squared(x[j], x[0]));
}

/// The neighbours nearest to the own vector.
inline Indices nearest_neighbours(const Vectors& x, std::size_t count) {
  Indices nearest =
      best(x.size() - 1, count, [&](std::size_t k) { return own_distance(x, k + 1); });
  for (std::size_t& j : nearest) ++j;
  return nearest;
}

/// The distance with `beyond` greater ones, where no two are equal.
inline Number distance_ranked(const Vectors& x, std::size_t beyond) {
  return own_distance(x, nearest_neighbours(x, x.size() - 1 - beyond).back());
}

inline Number adaptive_radius(const Vectors& x, std::size_t f) {
  Number sum = 0;
  for (const std::size_t j : nearest_neighbours(x, x.size() - 1 - f)) sum += squared(x[j], x[0]);
  return std::sqrt(sum / Number(f));
}

/// The own vector moved by 1/n of each difference, shortened to `radius`.
inline Vector clipped_to(const Vectors& x, Number radius) {
  Vector result = x[0];
  for (std::size_t j = 1; j < x.size(); ++j) {
    const Number factor = std::min(Number(1), radius / own_distance(x, j)) / Number(x.size());
    for (std::size_t c = 0; c < result.size(); ++c) result[c] += factor * (x[j][c] - x[0][c]);
  }
  return result;
}

/// The own vector moved by 1/n of each difference but those of the f farthest.
inline Vector without_farthest(const Vectors& x, std::size_t f) {
  Vector factors(x.size(), 0);
  factors[0] = Number(f + 1) / Number(x.size());
  for (const std::size_t j : nearest_neighbours(x, x.size() - 1 - f))
    factors[j] = 1 / Number(x.size());
  return combined(x, factors);
}

inline Vector scissored(Vectors x, std::size_t f) {
  for (std::size_t round = 0; round < f; ++round) {
    const Vector centre = mean(x);
    const Indices farthest =
        best(x.size() - 1, 1, [&](std::size_t k) { return -squared(x[k + 1], centre); });
    x.erase(x.begin() + std::ptrdiff_t(farthest[0] + 1));
  }
  return mean(x);
}

inline Vector bridged(const Vectors& x, std::size_t f) {
  const Vector screened = per_coordinate(Vectors(x.begin() + 1, x.end()),
                                         [&](const Vector& v) { return trimmed(v, f); });
  const Number left = Number(x.size() - 1 - 2 * f);
  return combined({screened, x[0]}, {left / (left + 1), 1 / (left + 1)});
}

inline Vector half_own(const Vectors& x, std::size_t nearest) {
  return combined({x[0], mean(chosen(x, nearest_neighbours(x, nearest)))}, {0.5, 0.5});
}

}  // namespace byzsim::long_definitions
