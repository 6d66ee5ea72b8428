// What exp and tanh share, for one double or a register of them: e^x as a power of two and a
// fraction, by one sequence of operations, so that both have the same bits.
#pragma once

#include <cstddef>

namespace byzsim::portable {

/// The high part has 32 bits, so that its product with any exponent is exact.
inline constexpr double kLn2High = 0x1.62e42feep-1, kLn2Low = 0x1.a39ef35793c76p-33;
/// 1 / ln(2), rounded: only the nearest integer is taken of products with it.
inline constexpr double kInverseLn2 = 0x1.71547652b82fep+0;

/// c[0] + c[1] x + ... by Horner's rule.
template <std::size_t N, class Value>
[[gnu::always_inline]] inline Value polynomial(const double (&c)[N], Value x) {
  Value sum = x * c[N - 1] + c[N - 2];
  for (std::size_t i = N - 2; i-- > 0;) sum = sum * x + c[i];
  return sum;
}

/// The nearest integer, halves to even, for |x| < 2^51: adding 1.5 * 2^52 leaves no fraction bits.
template <class Value>
Value nearest_integer(Value x) {
  return (x + 0x1.8p52) - 0x1.8p52;
}

/// e^x = 2^exponent (1 + fraction).
template <class Value>
struct ReducedExponential {
  Value exponent;  ///< an integer
  Value fraction;  ///< in [-0.3, 0.42]
};

/// For |x| < 746.
template <class Value>
[[gnu::always_inline]] inline ReducedExponential<Value> reduced_exponential(Value x) {
  // (e^r - 1 - r) / r^2 for |r| <= ln(2)/2.
  static constexpr double series[] = {1.0 / 2,          1.0 / 6,           1.0 / 24,
                                      1.0 / 120,        1.0 / 720,         1.0 / 5040,
                                      1.0 / 40320.0,    1.0 / 362880.0,    1.0 / 3628800.0,
                                      1.0 / 39916800.0, 1.0 / 479001600.0, 1.0 / 6227020800.0};
  const Value k = nearest_integer(x * kInverseLn2);
  const Value high = x - k * kLn2High, low = k * kLn2Low;
  const Value r = high - low;
  const Value lost = (high - r) - low;  // what rounding took from r
  return {k, r + (r * r * polynomial(series, r) + lost)};
}

}  // namespace byzsim::portable
