// lanes.h on any processor: arrays, lane by lane. Slow and exact; what the others are compared
// with.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <utility>

namespace byzsim::lanes {

struct Doubles {
  double lane[4];
};
struct Floats {
  float lane[8];
};
struct Keys {
  std::int32_t lane[8];
};
struct Mask {
  bool lane[4];
};

/// The register of operation(0), operation(1), ...
template <class Some, class Operation>
[[gnu::always_inline]] inline Some each_lane(const Operation& operation) {
  Some result;
  for (std::size_t i = 0; i < std::size(result.lane); ++i) result.lane[i] = operation(i);
  return result;
}

inline Floats spread(float value) {
  return each_lane<Floats>([=](std::size_t) { return value; });
}
inline Doubles spread(double value) {
  return each_lane<Doubles>([=](std::size_t) { return value; });
}
inline Floats load(const float* from) {
  return each_lane<Floats>([=](std::size_t i) { return from[i]; });
}
inline Doubles load(const double* from) {
  return each_lane<Doubles>([=](std::size_t i) { return from[i]; });
}
template <class Real>
Doubles load_doubles(const Real* from) {
  return each_lane<Doubles>([=](std::size_t i) { return static_cast<double>(from[i]); });
}
inline void store(Floats values, float* to) {
  for (std::size_t i = 0; i < 8; ++i) to[i] = values.lane[i];
}
template <class Real>
void store(Doubles values, Real* to) {
  for (std::size_t i = 0; i < 4; ++i) to[i] = static_cast<Real>(values.lane[i]);
}

#define BYZ_LANES_OPERATOR(sign)                                                        \
  inline Floats operator sign(Floats a, Floats b) {                                     \
    return each_lane<Floats>([&](std::size_t i) { return a.lane[i] sign b.lane[i]; });  \
  }                                                                                     \
  inline Doubles operator sign(Doubles a, Doubles b) {                                  \
    return each_lane<Doubles>([&](std::size_t i) { return a.lane[i] sign b.lane[i]; }); \
  }                                                                                     \
  inline Doubles operator sign(Doubles a, double b) { return a sign spread(b); }        \
  inline Doubles operator sign(double a, Doubles b) { return spread(a) sign b; }        \
  inline Doubles& operator sign##=(Doubles& a, Doubles b) { return a = a sign b; }
BYZ_LANES_OPERATOR(+)
BYZ_LANES_OPERATOR(-)
BYZ_LANES_OPERATOR(*)
BYZ_LANES_OPERATOR(/)
#undef BYZ_LANES_OPERATOR

template <class Some>
Some multiply_add(Some a, Some b, Some c) {
  // Rounded once by the language, with or without an instruction for it.
  return each_lane<Some>([&](std::size_t i) { return std::fma(a.lane[i], b.lane[i], c.lane[i]); });
}

// b where either is a NaN: the comparison is false then.
inline Doubles lesser_of(Doubles a, Doubles b) {
  return each_lane<Doubles>(
      [&](std::size_t i) { return a.lane[i] < b.lane[i] ? a.lane[i] : b.lane[i]; });
}
inline Doubles greater_of(Doubles a, Doubles b) {
  return each_lane<Doubles>(
      [&](std::size_t i) { return a.lane[i] > b.lane[i] ? a.lane[i] : b.lane[i]; });
}
inline Mask less(Doubles a, Doubles b) {
  return each_lane<Mask>([&](std::size_t i) { return a.lane[i] < b.lane[i]; });
}
inline Mask at_least(Doubles a, Doubles b) {
  return each_lane<Mask>([&](std::size_t i) { return a.lane[i] >= b.lane[i]; });
}
inline Mask is_nan(Doubles a) {
  return each_lane<Mask>([&](std::size_t i) { return a.lane[i] != a.lane[i]; });
}
inline Doubles choose(Mask mask, Doubles a, Doubles b) {
  return each_lane<Doubles>([&](std::size_t i) { return mask.lane[i] ? a.lane[i] : b.lane[i]; });
}

inline Doubles magnitude(Doubles a) {
  return each_lane<Doubles>([&](std::size_t i) { return std::fabs(a.lane[i]); });
}
inline Doubles with_sign_of(Doubles size, Doubles sign) {
  return each_lane<Doubles>(
      [&](std::size_t i) { return std::copysign(size.lane[i], sign.lane[i]); });
}
inline Doubles floor(Doubles a) {
  return each_lane<Doubles>([&](std::size_t i) { return std::floor(a.lane[i]); });
}
inline Doubles power_of_two(Doubles k) {
  return each_lane<Doubles>([&](std::size_t i) {
    // The exponent's field counts from -1023.
    const auto exponent = static_cast<std::uint64_t>(static_cast<std::int64_t>(k.lane[i]) + 1023);
    return std::bit_cast<double>(exponent << 52);
  });
}

// In the order in which the instructions of the others add: neighbours, then halves.
inline double sum_by_halves(const Floats& a) {
  const auto four = [&](std::size_t i) {
    return (a.lane[i] + a.lane[i + 1]) + (a.lane[i + 2] + a.lane[i + 3]);
  };
  return static_cast<double>(four(0) + four(4));
}
inline double sum_by_halves(const Doubles& a) {
  return (a.lane[0] + a.lane[1]) + (a.lane[2] + a.lane[3]);
}
template <class Some>
Doubles sums_of(Some a, Some b, Some c, Some d) {
  return {{sum_by_halves(a), sum_by_halves(b), sum_by_halves(c), sum_by_halves(d)}};
}

template <class Some, std::size_t n>
void transpose(Some (&rows)[n]) {
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j) std::swap(rows[i].lane[j], rows[j].lane[i]);
}

// The shift is arithmetic: all ones of a negative value, of which the sign bit is spared.
inline std::int32_t flip_negative(std::int32_t bits) {
  return bits ^ ((bits >> 31) & std::numeric_limits<std::int32_t>::max());
}
// What thousands of make up a kernel is not inlined: compilers would take minutes.
[[gnu::noinline]] inline Keys keys_of(const Floats& values) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  return each_lane<Keys>([&](std::size_t i) {
    const float settled = values.lane[i] < infinity ? values.lane[i] : infinity;
    return flip_negative(std::bit_cast<std::int32_t>(settled));
  });
}
[[gnu::noinline]] inline Floats floats_of(const Keys& keys) {
  return each_lane<Floats>(
      [&](std::size_t i) { return std::bit_cast<float>(flip_negative(keys.lane[i])); });
}
[[gnu::noinline]] inline void put_in_order(Keys& low, Keys& high) {
  for (std::size_t i = 0; i < 8; ++i) {
    const std::int32_t a = low.lane[i], b = high.lane[i];
    low.lane[i] = a < b ? a : b;
    high.lane[i] = a < b ? b : a;
  }
}

inline Floats midpoint(Floats a, Floats b) {
  return each_lane<Floats>([&](std::size_t i) {
    // The sum overflows for large values, halves first would be rounded for denormal ones.
    const float sum_first = 0.5f * (a.lane[i] + b.lane[i]);
    if (!std::isinf(sum_first)) return sum_first;
    return std::fma(0.5f, a.lane[i], 0.5f * b.lane[i]);
  });
}

inline void prefetch(const void* address, std::size_t bytes) {
  __builtin_prefetch(
      reinterpret_cast<const char*>(reinterpret_cast<std::uintptr_t>(address) + bytes), 0, 2);
}

}  // namespace byzsim::lanes
