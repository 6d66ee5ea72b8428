// Elementary operations on one or two vectors. Sums run in 16 lanes of double, lane i taking the
// coordinates i, i + 16, ... of each shard; lanes fold in a fixed tree and shards in index order,
// so the bits depend on neither SIMD width nor threads.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace byzsim {

/// Sum of squares of a - b over `count` coordinates of one shard, in double. Non-finite inputs give
/// a non-finite sum.
template <class Real>
double squared_distance(const Real* a, const Real* b, std::size_t count);

/// Sum of squares over `count` coordinates of one shard, in double.
template <class Real>
double squared_norm(const Real* a, std::size_t count);

/// Euclidean distance of two vectors of equal length, shard by shard, on the calling thread;
/// +infinity, never NaN, when a coordinate of either is not finite.
double distance(std::span<const float> a, std::span<const float> b);

/// Euclidean norm, shard by shard, on the calling thread; +infinity, never NaN, when a coordinate
/// is not finite.
double norm(std::span<const float> a);

/// The inner product of a - b with c, three vectors of equal length, shard by shard, on the calling
/// thread; not finite when a coordinate is not.
double product_with_difference(std::span<const float> a, std::span<const float> b,
                               std::span<const float> c);

/// The inner product of a - b with c - d, four vectors of equal length, likewise.
double product_of_differences(std::span<const float> a, std::span<const float> b,
                              std::span<const float> c, std::span<const float> d);

/// The sum over coordinates of the difference between the largest and the least of the vectors (at
/// least one, none with a NaN), shard by shard, on the calling thread.
double sum_of_widths(std::span<const float* const> vectors, std::size_t dimension);

/// Whether every coordinate is finite.
template <class Real>
bool all_finite(const Real* a, std::size_t count);

/// out[c] = the mean of the vectors' coordinates c for c in [begin, end), summed in double in the
/// order given. Finite whenever all of them are; every NaN is the same one.
template <class Real>
void mean_of(std::span<const Real* const> vectors, std::size_t begin, std::size_t end, Real* out);

/// The same of floats that were converted to double before, which takes longer than adding them:
/// for vectors that enter several means.
void mean_of(std::span<const double* const> vectors, std::size_t begin, std::size_t end,
             float* out);

}  // namespace byzsim
