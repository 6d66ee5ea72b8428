// Some neighbouring coordinates in double, as several registers, so that their sums need not wait
// for each other. Written without loops over the registers: compilers then keep them in registers.
#pragma once

#include <cstddef>
#include <span>
#include <type_traits>
#include <utility>

#include "core/kernels/lanes.h"

namespace byzsim::lanes {

/// 4 * parts doubles, four to a register.
template <std::size_t parts>
struct GroupOf {
  static constexpr std::size_t kParts = parts;
  static constexpr std::size_t kSize = 4 * parts;
  Doubles part[parts];
};
/// Sixteen coordinates, as suits sums; half as many where each takes more registers.
using Group = GroupOf<4>;
using HalfGroup = GroupOf<2>;

/// The group of operation(0), operation(1), ...
template <class Some = Group, class Operation>
[[gnu::always_inline]] inline Some each(const Operation& operation) {
  return [&]<std::size_t... k>(std::index_sequence<k...>) __attribute__((always_inline)) {
    return Some{{operation(k)...}};
  }
  (std::make_index_sequence<Some::kParts>{});
}

/// The coordinates from `values` on, as doubles; all of a group must be readable.
template <class Some = Group, class Real>
Some load_group(const Real* values) {
  return each<Some>([&](std::size_t k) { return load_doubles(values + 4 * k); });
}

/// Writes a whole group from `to` on; doubles are rounded where Real is float.
template <std::size_t parts, class Real>
void store_group(const GroupOf<parts>& group, Real* to) {
  [&]<std::size_t... k>(std::index_sequence<k...>) __attribute__((always_inline)) {
    (store(group.part[k], to + 4 * k), ...);
  }
  (std::make_index_sequence<parts>{});
}

/// Asks for what the rows hold 512 bytes after coordinate c. Left alone, hardware prefetchers read
/// five streams from memory at half the speed.
template <class Real>
void prefetch_rows(std::span<const Real* const> rows, std::size_t c) {
  for (const Real* row : rows) prefetch(row + c, 512);
}

/// a + b, coordinate by coordinate.
template <std::size_t parts>
GroupOf<parts> add(const GroupOf<parts>& a, const GroupOf<parts>& b) {
  return each<GroupOf<parts>>([&](std::size_t k) { return a.part[k] + b.part[k]; });
}

/// sum / count. A float's mean is the same but for one in 2^28 when the sum is multiplied by
/// 1 / count, and divisions would take most of the time.
template <class Real, std::size_t parts>
GroupOf<parts> mean_of_sum(const GroupOf<parts>& sum, double count) {
  const double factor = 1 / count;
  return each<GroupOf<parts>>([&](std::size_t k) {
    return std::is_same_v<Real, float> ? sum.part[k] * factor : sum.part[k] / count;
  });
}

}  // namespace byzsim::lanes
