// lanes.h on x86-64 with AVX2 and FMA.
#pragma once

#include <immintrin.h>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace byzsim::lanes {

// gcc and clang define + - * / on these types.
using Doubles = __m256d;
using Floats = __m256;
using Keys = __m256i;
using Mask = __m256d;

inline Floats spread(float value) { return _mm256_set1_ps(value); }
inline Doubles spread(double value) { return _mm256_set1_pd(value); }
inline Floats load(const float* from) { return _mm256_loadu_ps(from); }
inline Doubles load(const double* from) { return _mm256_loadu_pd(from); }
inline Doubles load_doubles(const double* from) { return _mm256_loadu_pd(from); }
inline Doubles load_doubles(const float* from) { return _mm256_cvtps_pd(_mm_loadu_ps(from)); }
inline void store(Floats values, float* to) { _mm256_storeu_ps(to, values); }
inline void store(Doubles values, double* to) { _mm256_storeu_pd(to, values); }
inline void store(Doubles values, float* to) { _mm_storeu_ps(to, _mm256_cvtpd_ps(values)); }

inline Floats multiply_add(Floats a, Floats b, Floats c) { return _mm256_fmadd_ps(a, b, c); }
inline Doubles multiply_add(Doubles a, Doubles b, Doubles c) { return _mm256_fmadd_pd(a, b, c); }

// minpd and maxpd return their second operand when either is a NaN, and of two zeros.
inline Doubles lesser_of(Doubles a, Doubles b) { return _mm256_min_pd(a, b); }
inline Doubles greater_of(Doubles a, Doubles b) { return _mm256_max_pd(a, b); }
inline Mask less(Doubles a, Doubles b) { return _mm256_cmp_pd(a, b, _CMP_LT_OQ); }
inline Mask at_least(Doubles a, Doubles b) { return _mm256_cmp_pd(a, b, _CMP_GE_OQ); }
inline Mask is_nan(Doubles a) { return _mm256_cmp_pd(a, a, _CMP_UNORD_Q); }
// blendv looks at the sign bit of a lane: a Mask has all of its bits set, or none.
inline Doubles choose(Mask mask, Doubles a, Doubles b) { return _mm256_blendv_pd(b, a, mask); }

// -0.0 has the sign bit and no other.
inline Doubles magnitude(Doubles a) { return _mm256_andnot_pd(spread(-0.0), a); }
inline Doubles with_sign_of(Doubles size, Doubles sign) {
  return _mm256_or_pd(magnitude(size), _mm256_and_pd(spread(-0.0), sign));
}
inline Doubles floor(Doubles a) { return _mm256_floor_pd(a); }
inline Doubles power_of_two(Doubles k) {
  // Adding 1.5 * 2^52 leaves the integer in the lowest bits.
  const __m256i bits = _mm256_castpd_si256(_mm256_add_pd(k, spread(0x1.8p52)));
  const __m256i biased = _mm256_add_epi64(bits, _mm256_set1_epi64x(1023));
  return _mm256_castsi256_pd(_mm256_slli_epi64(biased, 52));
}

// hadd adds neighbours within each half of a register; the halves come last.
inline Doubles sums_of(Floats a, Floats b, Floats c, Floats d) {
  const Floats quarters = _mm256_hadd_ps(_mm256_hadd_ps(a, b), _mm256_hadd_ps(c, d));
  return _mm256_cvtps_pd(
      _mm_add_ps(_mm256_castps256_ps128(quarters), _mm256_extractf128_ps(quarters, 1)));
}
inline Doubles sums_of(Doubles a, Doubles b, Doubles c, Doubles d) {
  const Doubles left = _mm256_hadd_pd(a, b), right = _mm256_hadd_pd(c, d);
  return _mm256_add_pd(_mm256_permute2f128_pd(left, right, 0x20),
                       _mm256_permute2f128_pd(left, right, 0x31));
}

// Neighbours of pairs of rows first, then the halves of registers change places.
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

// All bits but the sign, of negative values alone: then larger integers are larger floats.
inline Floats flip_negative(Floats bits) {
  const Floats but_sign = _mm256_castsi256_ps(_mm256_set1_epi32(0x7fffffff));
  return _mm256_blendv_ps(bits, _mm256_xor_ps(bits, but_sign), bits);
}
inline Keys keys_of(Floats values) {
  // minps returns its second operand when either is a NaN.
  const Floats infinity = spread(std::numeric_limits<float>::infinity());
  return _mm256_castps_si256(flip_negative(_mm256_min_ps(values, infinity)));
}
inline Floats floats_of(Keys keys) { return flip_negative(_mm256_castsi256_ps(keys)); }

// As signed integers, which order like the floats that they were made of.
inline void put_in_order(Keys& low, Keys& high) {
  const Keys least = _mm256_min_epi32(low, high);
  high = _mm256_max_epi32(low, high);
  low = least;
}

inline Floats midpoint(Floats a, Floats b) {
  const Floats half = spread(0.5f), infinity = spread(std::numeric_limits<float>::infinity());
  // The sum overflows for large values, halves first would be rounded for denormal ones.
  const Floats sum_first = _mm256_mul_ps(half, _mm256_add_ps(a, b));
  const Floats halves_first = _mm256_fmadd_ps(half, a, _mm256_mul_ps(half, b));
  const Floats size = _mm256_andnot_ps(spread(-0.0f), sum_first);
  return _mm256_blendv_ps(sum_first, halves_first, _mm256_cmp_ps(size, infinity, _CMP_EQ_OQ));
}

// As an integer: a pointer beyond an array may not be computed.
inline void prefetch(const void* address, std::size_t bytes) {
  _mm_prefetch(reinterpret_cast<const char*>(reinterpret_cast<std::uintptr_t>(address) + bytes),
               _MM_HINT_T1);
}

}  // namespace byzsim::lanes
