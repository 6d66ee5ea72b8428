// SIMD registers of 32 bytes under one set of names: eight floats, four doubles, eight integer
// keys. An operation does the same to the bits whatever the instruction set: IEEE 754 fixes
// additions, products, fused multiply-adds, quotients and conversions, and the comments below fix
// the rest. tests/core/lanes_test.cpp checks all of it for the implementation that is built.
//
// Each implementation defines, beside +, -, * and / on registers and with a number on one side:
//
//   spread(value)                    the value in every lane
//   load(from)                       a register of what `from` points to, at any address
//   load_doubles(from)               four doubles, converted where `from` points to floats
//   store(register, to)              doubles are rounded where `to` points to floats
//   multiply_add(a, b, c)            a b + c, rounded once
//   lesser_of(a, b), greater_of(a, b)  of doubles; b where either is a NaN or both are zeros
//   less(a, b), at_least(a, b)       the Mask of doubles where a < b, a >= b; not beside a NaN
//   is_nan(a)                        the Mask of doubles that are NaN
//   choose(mask, a, b)               a where the mask is set, else b
//   magnitude(a)                     without the sign bit, also of a NaN
//   with_sign_of(magnitude, sign)    the magnitude with the other's sign bit
//   floor(a)                         the largest integers not above doubles
//   power_of_two(k)                  2^k for integers k in [-1022, 1023]
//   sums_of(a, b, c, d)              the sums of the lanes of each register, by halves of
//                                    neighbours, as four doubles
//   transpose(registers)             as many registers as lanes: rows become columns
//   keys_of(floats), floats_of(keys)  32-bit integers that order like floats, with NaN as +infinity
//                                    and -0 before +0
//   midpoint(a, b)                   of floats that are not NaN, rounded once; never overflows
//   prefetch(address, bytes)         asks for the cache line `bytes` after the address in the
//                                    second-level cache; it may lie outside
//   put_in_order(low, high)          the lesser keys of two registers to `low`
#pragma once

#include <cstddef>
#include <limits>

#if defined(BYZSIM_SCALAR_LANES)
#include "core/kernels/lanes_scalar.h"
#elif defined(__AVX2__) && defined(__FMA__)
#include "core/kernels/lanes_avx2.h"
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include "core/kernels/lanes_neon.h"
#else
#include "core/kernels/lanes_scalar.h"
#endif

namespace byzsim::lanes {

/// Values of a register.
template <class Real>
constexpr std::size_t kCount = 32 / sizeof(Real);
/// The register of a type.
template <class Real>
using Register = decltype(load(static_cast<const Real*>(nullptr)));

/// a / 2 + b / 2, rounded once unless b is denormal; never overflows.
inline Doubles midpoint(Doubles a, Doubles b) {
  const Doubles half = spread(0.5);
  return multiply_add(a, half, b * half);
}
/// Into [-limit, limit]; NaN becomes limit.
inline Doubles clamp(Doubles a, double limit) {
  return greater_of(lesser_of(a, spread(limit)), spread(-limit));
}
/// Into [-limit, limit]; NaN stays NaN.
inline Doubles limited(Doubles a, double limit) {
  return greater_of(spread(-limit), lesser_of(spread(limit), a));
}
/// Every NaN as the same one.
inline Doubles with_one_nan(Doubles a) {
  return choose(is_nan(a), spread(std::numeric_limits<double>::quiet_NaN()), a);
}
/// sum + (a - b)^2, where the difference is rounded, and then the sum.
template <class Some>
inline Some add_squared_difference(Some sum, Some a, Some b) {
  const Some difference = a - b;
  return multiply_add(difference, difference, sum);
}

}  // namespace byzsim::lanes
