// lanes.h on aarch64 with NEON: pairs of registers of 16 bytes.
#pragma once

#include <arm_neon.h>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace byzsim::lanes {

struct Doubles {
  float64x2_t low, high;
};
struct Floats {
  float32x4_t low, high;
};
struct Keys {
  int32x4_t low, high;
};
struct Mask {
  uint64x2_t low, high;
};

inline Floats spread(float value) { return {vdupq_n_f32(value), vdupq_n_f32(value)}; }
inline Doubles spread(double value) { return {vdupq_n_f64(value), vdupq_n_f64(value)}; }
inline Floats load(const float* from) { return {vld1q_f32(from), vld1q_f32(from + 4)}; }
inline Doubles load(const double* from) { return {vld1q_f64(from), vld1q_f64(from + 2)}; }
inline Doubles load_doubles(const double* from) { return load(from); }
inline Doubles load_doubles(const float* from) {
  const float32x4_t values = vld1q_f32(from);
  return {vcvt_f64_f32(vget_low_f32(values)), vcvt_high_f64_f32(values)};
}
inline void store(Floats values, float* to) {
  vst1q_f32(to, values.low);
  vst1q_f32(to + 4, values.high);
}
inline void store(Doubles values, double* to) {
  vst1q_f64(to, values.low);
  vst1q_f64(to + 2, values.high);
}
inline void store(Doubles values, float* to) {
  vst1q_f32(to, vcvt_high_f32_f64(vcvt_f32_f64(values.low), values.high));
}

#define BYZ_LANES_OPERATOR(sign, name)                                           \
  inline Floats operator sign(Floats a, Floats b) {                              \
    return {name##q_f32(a.low, b.low), name##q_f32(a.high, b.high)};             \
  }                                                                              \
  inline Doubles operator sign(Doubles a, Doubles b) {                           \
    return {name##q_f64(a.low, b.low), name##q_f64(a.high, b.high)};             \
  }                                                                              \
  inline Doubles operator sign(Doubles a, double b) { return a sign spread(b); } \
  inline Doubles operator sign(double a, Doubles b) { return spread(a) sign b; } \
  inline Doubles& operator sign##=(Doubles& a, Doubles b) { return a = a sign b; }
BYZ_LANES_OPERATOR(+, vadd)
BYZ_LANES_OPERATOR(-, vsub)
BYZ_LANES_OPERATOR(*, vmul)
BYZ_LANES_OPERATOR(/, vdiv)
#undef BYZ_LANES_OPERATOR

inline Floats multiply_add(Floats a, Floats b, Floats c) {
  return {vfmaq_f32(c.low, a.low, b.low), vfmaq_f32(c.high, a.high, b.high)};
}
inline Doubles multiply_add(Doubles a, Doubles b, Doubles c) {
  return {vfmaq_f64(c.low, a.low, b.low), vfmaq_f64(c.high, a.high, b.high)};
}

inline Mask less(Doubles a, Doubles b) {
  return {vcltq_f64(a.low, b.low), vcltq_f64(a.high, b.high)};
}
inline Mask at_least(Doubles a, Doubles b) {
  return {vcgeq_f64(a.low, b.low), vcgeq_f64(a.high, b.high)};
}
inline Doubles choose(Mask mask, Doubles a, Doubles b) {
  return {vbslq_f64(mask.low, a.low, b.low), vbslq_f64(mask.high, a.high, b.high)};
}
// There is no comparison for unequal: the complement of equal to itself.
inline Mask is_nan(Doubles a) {
  const uint64x2_t ones = vdupq_n_u64(~std::uint64_t{0});
  return {veorq_u64(vceqq_f64(a.low, a.low), ones), veorq_u64(vceqq_f64(a.high, a.high), ones)};
}
// Not fmin and fmax, which of a NaN and a number return the number.
inline Doubles lesser_of(Doubles a, Doubles b) { return choose(less(a, b), a, b); }
inline Doubles greater_of(Doubles a, Doubles b) { return choose(less(b, a), a, b); }

inline Doubles magnitude(Doubles a) { return {vabsq_f64(a.low), vabsq_f64(a.high)}; }
// Chooses bit by bit: the sign bit of the one, all others of the other.
inline Doubles with_sign_of(Doubles size, Doubles sign) {
  const uint64x2_t sign_bit = vdupq_n_u64(std::uint64_t{1} << 63);
  return {vbslq_f64(sign_bit, sign.low, size.low), vbslq_f64(sign_bit, sign.high, size.high)};
}
inline Doubles floor(Doubles a) { return {vrndmq_f64(a.low), vrndmq_f64(a.high)}; }
inline float64x2_t power_of_two(float64x2_t k) {
  // Adding 1.5 * 2^52 leaves the integer in the lowest bits.
  const int64x2_t bits = vreinterpretq_s64_f64(vaddq_f64(k, vdupq_n_f64(0x1.8p52)));
  return vreinterpretq_f64_s64(vshlq_n_s64(vaddq_s64(bits, vdupq_n_s64(1023)), 52));
}
inline Doubles power_of_two(Doubles k) { return {power_of_two(k.low), power_of_two(k.high)}; }

// The same tree as with AVX: neighbours, neighbours of these, then the two halves.
inline Doubles sums_of(Floats a, Floats b, Floats c, Floats d) {
  const float32x4_t low = vpaddq_f32(vpaddq_f32(a.low, b.low), vpaddq_f32(c.low, d.low));
  const float32x4_t high = vpaddq_f32(vpaddq_f32(a.high, b.high), vpaddq_f32(c.high, d.high));
  const float32x4_t sums = vaddq_f32(low, high);
  return {vcvt_f64_f32(vget_low_f32(sums)), vcvt_high_f64_f32(sums)};
}
inline Doubles sums_of(Doubles a, Doubles b, Doubles c, Doubles d) {
  return {vaddq_f64(vpaddq_f64(a.low, b.low), vpaddq_f64(a.high, b.high)),
          vaddq_f64(vpaddq_f64(c.low, d.low), vpaddq_f64(c.high, d.high))};
}

// zip1 takes the first lanes of two registers, zip2 the second.
inline void transpose(Doubles (&rows)[4]) {
  const Doubles a = rows[0], b = rows[1], c = rows[2], d = rows[3];
  rows[0] = {vzip1q_f64(a.low, b.low), vzip1q_f64(c.low, d.low)};
  rows[1] = {vzip2q_f64(a.low, b.low), vzip2q_f64(c.low, d.low)};
  rows[2] = {vzip1q_f64(a.high, b.high), vzip1q_f64(c.high, d.high)};
  rows[3] = {vzip2q_f64(a.high, b.high), vzip2q_f64(c.high, d.high)};
}
inline void transpose(Floats (&rows)[8]) {
  // A pair of rows is a row of doubles: columns 0 1 4 5 of the pairs, and columns 2 3 6 7.
  const auto pairs = [](float32x4_t low, float32x4_t high) {
    return Doubles{vreinterpretq_f64_f32(low), vreinterpretq_f64_f32(high)};
  };
  const auto floats = [](Doubles pair) {
    return Floats{vreinterpretq_f32_f64(pair.low), vreinterpretq_f32_f64(pair.high)};
  };
  Doubles outer[4], inner[4];
  for (int i = 0; i < 4; ++i) {
    const Floats a = rows[2 * i], b = rows[2 * i + 1];
    outer[i] = pairs(vzip1q_f32(a.low, b.low), vzip1q_f32(a.high, b.high));
    inner[i] = pairs(vzip2q_f32(a.low, b.low), vzip2q_f32(a.high, b.high));
  }
  transpose(outer);
  transpose(inner);
  for (int i = 0; i < 2; ++i) {
    rows[i] = floats(outer[i]);
    rows[2 + i] = floats(inner[i]);
    rows[4 + i] = floats(outer[2 + i]);
    rows[6 + i] = floats(inner[2 + i]);
  }
}

// The shift spreads the sign bit over the lane: all bits but the sign flip, of negative values
// alone.
inline int32x4_t flip_negative(int32x4_t bits) {
  return veorq_s32(bits, vandq_s32(vshrq_n_s32(bits, 31), vdupq_n_s32(0x7fffffff)));
}
inline int32x4_t keys_of(float32x4_t values) {
  const float32x4_t infinity = vdupq_n_f32(std::numeric_limits<float>::infinity());
  // The comparison is false beside a NaN, which becomes +infinity.
  const float32x4_t settled = vbslq_f32(vcltq_f32(values, infinity), values, infinity);
  return flip_negative(vreinterpretq_s32_f32(settled));
}
inline Keys keys_of(Floats values) { return {keys_of(values.low), keys_of(values.high)}; }
inline Floats floats_of(Keys keys) {
  return {vreinterpretq_f32_s32(flip_negative(keys.low)),
          vreinterpretq_f32_s32(flip_negative(keys.high))};
}

inline void put_in_order(int32x4_t& low, int32x4_t& high) {
  const int32x4_t least = vminq_s32(low, high);
  high = vmaxq_s32(low, high);
  low = least;
}
inline void put_in_order(Keys& low, Keys& high) {
  put_in_order(low.low, high.low);
  put_in_order(low.high, high.high);
}

inline float32x4_t midpoint(float32x4_t a, float32x4_t b) {
  const float32x4_t half = vdupq_n_f32(0.5f);
  const float32x4_t infinity = vdupq_n_f32(std::numeric_limits<float>::infinity());
  // The sum overflows for large values, halves first would be rounded for denormal ones.
  const float32x4_t sum_first = vmulq_f32(half, vaddq_f32(a, b));
  const float32x4_t halves_first = vfmaq_f32(vmulq_f32(half, b), half, a);
  return vbslq_f32(vceqq_f32(vabsq_f32(sum_first), infinity), halves_first, sum_first);
}
inline Floats midpoint(Floats a, Floats b) {
  return {midpoint(a.low, b.low), midpoint(a.high, b.high)};
}

// As an integer: a pointer beyond an array may not be computed.
inline void prefetch(const void* address, std::size_t bytes) {
  __builtin_prefetch(
      reinterpret_cast<const char*>(reinterpret_cast<std::uintptr_t>(address) + bytes), 0, 2);
}

}  // namespace byzsim::lanes
