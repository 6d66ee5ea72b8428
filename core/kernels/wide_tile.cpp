// Two rows share a register: its halves hold what the eight lanes of a narrow one would, and are
// added in the same tree.

#include "core/kernels/wide_tile.h"

#include <utility>

#include "core/check.h"

// Not where lanes.h is scalar: such a build is what the bits of the others are compared with.
#if defined(__AVX2__) && defined(__FMA__) && !defined(BYZSIM_SCALAR_LANES)

#include <immintrin.h>

// The rest of the program is built for machines without these registers.
#define BYZSIM_WIDE [[gnu::target("avx512f,avx512dq,avx512vl")]]
#define BYZSIM_WIDE_INLINE [[gnu::always_inline, gnu::target("avx512f,avx512dq,avx512vl")]] inline

namespace byzsim {
namespace {

// Masks are full, here and below: gcc 12 warns of what the forms without masks leave undefined.

// The same eight coordinates of two vectors.
BYZSIM_WIDE_INLINE __m512 both(const float* first, const float* second) {
  return _mm512_insertf32x8(_mm512_castps256_ps512(_mm256_loadu_ps(first)), _mm256_loadu_ps(second),
                            1);
}

BYZSIM_WIDE_INLINE __m512 twice(const float* values) {
  return _mm512_maskz_broadcast_f32x8(0xffff, _mm256_loadu_ps(values));
}

BYZSIM_WIDE_INLINE __m512 add_squared_difference(__m512 sum, __m512 a, __m512 b) {
  const __m512 difference = _mm512_sub_ps(a, b);
  return _mm512_fmadd_ps(difference, difference, sum);
}

// Sums of neighbours, as hadd makes them within quarters.
BYZSIM_WIDE_INLINE __m512 add_neighbours(__m512 a, __m512 b) {
  return _mm512_add_ps(_mm512_shuffle_ps(a, b, 0x88), _mm512_shuffle_ps(a, b, 0xdd));
}

// Adds eight sums to their places.
BYZSIM_WIDE_INLINE void add_eight(__m256 eight, double* sums) {
  const __m512d added = _mm512_maskz_cvtps_pd(0xff, eight);
  _mm512_storeu_pd(sums, _mm512_add_pd(_mm512_loadu_pd(sums), added));
}

// Adds the sums of the lanes of eight columns to the places of two rows.
BYZSIM_WIDE_INLINE void add_sums(const __m512* eight, double* sums, std::size_t stride) {
  // Quarters of columns 0 to 3, and of 4 to 7: two of the first row, then two of the second.
  const __m512 left =
      add_neighbours(add_neighbours(eight[0], eight[1]), add_neighbours(eight[2], eight[3]));
  const __m512 right =
      add_neighbours(add_neighbours(eight[4], eight[5]), add_neighbours(eight[6], eight[7]));
  const __m512 alternating = _mm512_add_ps(_mm512_maskz_shuffle_f32x4(0xffff, left, right, 0x88),
                                           _mm512_maskz_shuffle_f32x4(0xffff, left, right, 0xdd));
  const __m512 rows = _mm512_maskz_shuffle_f32x4(0xffff, alternating, alternating, 0xd8);
  add_eight(_mm512_maskz_extractf32x8_ps(0xff, rows, 0), sums);
  add_eight(_mm512_maskz_extractf32x8_ps(0xff, rows, 1), sums + stride);
}

// No loops over the tile, so that it stays in registers.
template <std::size_t... k>
BYZSIM_WIDE void add_tile(const float* const* a, const float* const* b, std::size_t c,
                          std::size_t end, double* sums, std::size_t stride,
                          std::index_sequence<k...>) {
  __m512 upper[kWideColumns] = {}, lower[kWideColumns] = {}, other[sizeof...(k)];
  for (; c < end; c += 8) {
    const __m512 first = both(a[0] + c, a[1] + c), second = both(a[2] + c, a[3] + c);
    ((other[k] = twice(b[k] + c), upper[k] = add_squared_difference(upper[k], first, other[k]),
      lower[k] = add_squared_difference(lower[k], second, other[k])),
     ...);
  }
  add_sums(upper, sums, stride);
  add_sums(lower, sums + 2 * stride, stride);
}

}  // namespace

bool has_wide_registers() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl");
}

void add_wide_tile(std::size_t columns, const float* const* a, const float* const* b, std::size_t c,
                   std::size_t end, double* sums, std::size_t stride) {
  static_assert(kWideRows == 4 && kWideColumns == 8);
  switch (columns) {
    case 1:
      return add_tile(a, b, c, end, sums, stride, std::make_index_sequence<1>{});
    case 2:
      return add_tile(a, b, c, end, sums, stride, std::make_index_sequence<2>{});
    case 3:
      return add_tile(a, b, c, end, sums, stride, std::make_index_sequence<3>{});
    case 4:
      return add_tile(a, b, c, end, sums, stride, std::make_index_sequence<4>{});
    case 5:
      return add_tile(a, b, c, end, sums, stride, std::make_index_sequence<5>{});
    case 6:
      return add_tile(a, b, c, end, sums, stride, std::make_index_sequence<6>{});
    case 7:
      return add_tile(a, b, c, end, sums, stride, std::make_index_sequence<7>{});
    default:
      return add_tile(a, b, c, end, sums, stride, std::make_index_sequence<8>{});
  }
}

}  // namespace byzsim

#undef BYZSIM_WIDE
#undef BYZSIM_WIDE_INLINE

#else

namespace byzsim {

bool has_wide_registers() { return false; }

void add_wide_tile(std::size_t, const float* const*, const float* const*, std::size_t, std::size_t,
                   double*, std::size_t) {
  BYZ_CHECK(false, "a wide tile needs wide registers");
}

}  // namespace byzsim

#endif
