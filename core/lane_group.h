// Sixteen neighbouring coordinates in double, as four registers, so that their sums need not wait
// for each other. Written without loops over the registers: compilers then keep them in registers.
#pragma once

#include <cstddef>

#include "core/lanes.h"

namespace byzsim::lanes {

struct Group {
  static constexpr std::size_t kSize = 16;
  Doubles part[4];
};

/// The group of operation(0) ... operation(3).
template <class Operation>
[[gnu::always_inline]] inline Group each(const Operation& operation) {
  return {{operation(0), operation(1), operation(2), operation(3)}};
}

template <class Real>
Group load_group(const Real* values) {
  return each([&](std::size_t k) { return load_doubles(values + 4 * k); });
}

template <class Real>
void store_group(const Group& group, Real* to) {
  store_doubles(group.part[0], to);
  store_doubles(group.part[1], to + 4);
  store_doubles(group.part[2], to + 8);
  store_doubles(group.part[3], to + 12);
}

inline Group add(const Group& a, const Group& b) {
  return each([&](std::size_t k) { return add(a.part[k], b.part[k]); });
}

inline Group divided(const Group& group, std::size_t count) {
  const Doubles divisor = all(static_cast<double>(count));
  return each([&](std::size_t k) { return divide(group.part[k], divisor); });
}

}  // namespace byzsim::lanes
