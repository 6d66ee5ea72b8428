// The natural logarithm's sequence of operations, for one double or for many in a loop that
// compilers turn into registers, so that both have the same bits.
#pragma once

#include <bit>
#include <cstdint>

#include "core/exact/reduced_exponential.h"

namespace byzsim::portable {

/// log(2^scale x) for a positive x that is finite and not denormal.
[[gnu::always_inline]] inline double log_of_normal(double x, std::int32_t scale = 0) {
  // x = 2^k m with m in [sqrt(1/2), sqrt(2)); the exponent is taken from 32 bits, which registers
  // of AVX2 shift with their sign.
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(x);
  const std::uint64_t above = bits - std::bit_cast<std::uint64_t>(0x1.6a09e667f3bcdp-1);
  const std::int32_t exponent = static_cast<std::int32_t>(above >> 32) >> 20;
  const auto high_part = static_cast<std::uint32_t>(exponent) << 20;
  const double m = std::bit_cast<double>(bits - (std::uint64_t{high_part} << 32));

  // log(1 + f) = 2 atanh(s) with s = f / (2 + f), and 2 s = f - f^2/2 + s f^2/2 keeps f exact.
  constexpr double series[] = {2.0 / 3,  2.0 / 5,  2.0 / 7,  2.0 / 9,  2.0 / 11, 2.0 / 13,
                               2.0 / 15, 2.0 / 17, 2.0 / 19, 2.0 / 21, 2.0 / 23};
  const double f = m - 1.0, s = f / (2.0 + f), half_square = 0.5 * f * f, square = s * s;
  const double tail = s * (half_square + square * polynomial(series, square));
  const double k = static_cast<double>(exponent + scale);
  return k * kLn2High - ((half_square - (tail + k * kLn2Low)) - f);
}

}  // namespace byzsim::portable
