// SIMD registers of the numeric profile under one set of names: eight floats, four doubles, eight
// integer keys. The one place that includes <immintrin.h>. IEEE 754 fixes
// the result of every instruction here, so results depend on neither compiler nor optimisation
// level.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace byzsim::lanes {

/// Four doubles: where sums are taken.
using Doubles = __m256d;
/// Eight floats.
using Floats = __m256;

/// The value in every lane.
inline Floats spread(float value) { return _mm256_set1_ps(value); }
inline Doubles spread(double value) { return _mm256_set1_pd(value); }

inline Doubles all(double value) { return _mm256_set1_pd(value); }
inline Doubles load_doubles(const double* from) { return _mm256_loadu_pd(from); }
inline Doubles load_doubles(const float* from) { return _mm256_cvtps_pd(_mm_loadu_ps(from)); }
inline void store(Doubles values, double* to) { _mm256_storeu_pd(to, values); }
inline void store_doubles(Doubles values, double* to) { store(values, to); }
inline void store_doubles(Doubles values, float* to) { _mm_storeu_ps(to, _mm256_cvtpd_ps(values)); }
inline Doubles add(Doubles a, Doubles b) { return _mm256_add_pd(a, b); }
inline Doubles multiply(Doubles a, Doubles b) { return _mm256_mul_pd(a, b); }
inline Doubles divide(Doubles a, Doubles b) { return _mm256_div_pd(a, b); }
/// a b + c, rounded once.
inline Floats multiply_add(Floats a, Floats b, Floats c) { return _mm256_fmadd_ps(a, b, c); }
inline Doubles multiply_add(Doubles a, Doubles b, Doubles c) { return _mm256_fmadd_pd(a, b, c); }
/// a / 2 + b / 2, rounded once unless b is denormal; never overflows.
inline Doubles midpoint(Doubles a, Doubles b) {
  const Doubles half = all(0.5);
  return _mm256_fmadd_pd(a, half, _mm256_mul_pd(b, half));
}
/// Where a < b; false beside a NaN.
inline Doubles less(Doubles a, Doubles b) { return _mm256_cmp_pd(a, b, _CMP_LT_OQ); }
/// Into [-limit, limit]; NaN becomes limit.
inline Doubles clamp(Doubles a, double limit) {
  return _mm256_max_pd(_mm256_min_pd(a, all(limit)), all(-limit));
}
/// Into [-limit, limit]; NaN stays NaN.
inline Doubles limited(Doubles a, double limit) {
  // minpd and maxpd return their second operand when either is a NaN.
  return _mm256_max_pd(all(-limit), _mm256_min_pd(all(limit), a));
}
/// The lesser and the greater of two values; `b` where either is a NaN.
inline Doubles lesser_of(Doubles a, Doubles b) { return _mm256_min_pd(a, b); }
inline Doubles greater_of(Doubles a, Doubles b) { return _mm256_max_pd(a, b); }
/// Where a >= b; false beside a NaN.
inline Doubles at_least(Doubles a, Doubles b) { return _mm256_cmp_pd(a, b, _CMP_GE_OQ); }
inline Doubles magnitude(Doubles a) { return _mm256_andnot_pd(all(-0.0), a); }
/// The magnitude with the other's sign bit.
inline Doubles with_sign_of(Doubles magnitude, Doubles sign) {
  const Doubles sign_bit = all(-0.0);
  return _mm256_or_pd(_mm256_andnot_pd(sign_bit, magnitude), _mm256_and_pd(sign_bit, sign));
}
/// `a` where the mask of a comparison is set, else `b`.
inline Doubles choose(Doubles mask, Doubles a, Doubles b) { return _mm256_blendv_pd(b, a, mask); }
/// Where a value is NaN.
inline Doubles is_nan(Doubles a) { return _mm256_cmp_pd(a, a, _CMP_UNORD_Q); }
/// The largest integers not above the values.
inline Doubles floor(Doubles a) { return _mm256_floor_pd(a); }
/// 2^k for integers k in [-1022, 1023].
inline Doubles power_of_two(Doubles k) {
  // Adding 1.5 * 2^52 leaves the integer in the lowest bits.
  const __m256i bits = _mm256_castpd_si256(_mm256_add_pd(k, all(0x1.8p52)));
  const __m256i biased = _mm256_add_epi64(bits, _mm256_set1_epi64x(1023));
  return _mm256_castsi256_pd(_mm256_slli_epi64(biased, 52));
}
inline Doubles with_one_nan(Doubles a) {
  const Doubles nan = all(std::numeric_limits<double>::quiet_NaN());
  return choose(is_nan(a), nan, a);
}

/// A whole register of either type: differences and the sum of their squares.
inline Floats load_whole(const float* from) { return _mm256_loadu_ps(from); }
inline Doubles load_whole(const double* from) { return _mm256_loadu_pd(from); }
inline Floats add_squared_difference(Floats sum, Floats a, Floats b) {
  const Floats difference = _mm256_sub_ps(a, b);
  return _mm256_fmadd_ps(difference, difference, sum);
}
inline Doubles add_squared_difference(Doubles sum, Doubles a, Doubles b) {
  const Doubles difference = _mm256_sub_pd(a, b);
  return _mm256_fmadd_pd(difference, difference, sum);
}
/// The sums of the lanes of four registers, each by halves of neighbours, as four doubles.
inline Doubles sums_of(Floats a, Floats b, Floats c, Floats d) {
  const Floats quarters = _mm256_hadd_ps(_mm256_hadd_ps(a, b), _mm256_hadd_ps(c, d));
  return _mm256_cvtps_pd(
      _mm_add_ps(_mm256_castps256_ps128(quarters), _mm256_extractf128_ps(quarters, 1)));
}
inline Doubles sums_of(Doubles a, Doubles b, Doubles c, Doubles d) {
  const Doubles left = _mm256_hadd_pd(a, b), right = _mm256_hadd_pd(c, d);
  return add(_mm256_permute2f128_pd(left, right, 0x20), _mm256_permute2f128_pd(left, right, 0x31));
}

/// Rows become columns.
inline void transpose(Doubles (&rows)[4]) {
  const Doubles low01 = _mm256_unpacklo_pd(rows[0], rows[1]);
  const Doubles high01 = _mm256_unpackhi_pd(rows[0], rows[1]);
  const Doubles low23 = _mm256_unpacklo_pd(rows[2], rows[3]);
  const Doubles high23 = _mm256_unpackhi_pd(rows[2], rows[3]);
  rows[0] = _mm256_permute2f128_pd(low01, low23, 0x20);
  rows[1] = _mm256_permute2f128_pd(high01, high23, 0x20);
  rows[2] = _mm256_permute2f128_pd(low01, low23, 0x31);
  rows[3] = _mm256_permute2f128_pd(high01, high23, 0x31);
}
inline void transpose(Floats (&rows)[8]) {
  // A pair of rows is a row of doubles: columns 0 1 4 5 of the pairs, and columns 2 3 6 7.
  Doubles outer[4], inner[4];
  for (int i = 0; i < 4; ++i) {
    outer[i] = _mm256_castps_pd(_mm256_unpacklo_ps(rows[2 * i], rows[2 * i + 1]));
    inner[i] = _mm256_castps_pd(_mm256_unpackhi_ps(rows[2 * i], rows[2 * i + 1]));
  }
  transpose(outer);
  transpose(inner);
  for (int i = 0; i < 2; ++i) {
    rows[i] = _mm256_castpd_ps(outer[i]);
    rows[2 + i] = _mm256_castpd_ps(inner[i]);
    rows[4 + i] = _mm256_castpd_ps(outer[2 + i]);
    rows[6 + i] = _mm256_castpd_ps(inner[2 + i]);
  }
}

/// Eight 32-bit integers that order like floats, with NaN as +infinity and -0 before +0.
using Keys = __m256i;

inline Floats flip_negative(Floats bits) {
  const Floats but_sign = _mm256_castsi256_ps(_mm256_set1_epi32(0x7fffffff));
  return _mm256_blendv_ps(bits, _mm256_xor_ps(bits, but_sign), bits);
}
inline Keys load_keys(const float* from) {
  const Floats infinity = _mm256_set1_ps(std::numeric_limits<float>::infinity());
  // minps returns its second operand when either is a NaN.
  return _mm256_castps_si256(flip_negative(_mm256_min_ps(_mm256_loadu_ps(from), infinity)));
}
inline Floats floats_of(Keys keys) { return flip_negative(_mm256_castsi256_ps(keys)); }
inline void store(Floats values, float* to) { _mm256_storeu_ps(to, values); }
/// The mean of two floats that are not NaN, rounded once; never overflows.
inline Floats midpoint(Floats a, Floats b) {
  const Floats half = _mm256_set1_ps(0.5f), sign = _mm256_set1_ps(-0.0f);
  const Floats infinity = _mm256_set1_ps(std::numeric_limits<float>::infinity());
  // The sum overflows for large values, halves first would be rounded for denormal ones.
  const Floats sum_first = _mm256_mul_ps(half, _mm256_add_ps(a, b));
  const Floats halves_first = _mm256_fmadd_ps(half, a, _mm256_mul_ps(half, b));
  const Floats size = _mm256_andnot_ps(sign, sum_first);
  return _mm256_blendv_ps(sum_first, halves_first, _mm256_cmp_ps(size, infinity, _CMP_EQ_OQ));
}

/// Asks for the cache line `bytes` after `address` in the second-level cache; it may lie outside.
inline void prefetch(const void* address, std::size_t bytes) {
  _mm_prefetch(reinterpret_cast<const char*>(reinterpret_cast<std::uintptr_t>(address) + bytes),
               _MM_HINT_T1);
}

}  // namespace byzsim::lanes
