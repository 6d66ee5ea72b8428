// Shards in parallel, folded in order, and a second look at what floats could not hold.

#include "core/kernels/distances.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "core/kernels/distance_tiles.h"
#include "core/kernels/vector_kernels.h"
#include "core/machine/shards.h"

namespace byzsim {
namespace {

// Partial sums kept at once (8 MiB). Shards fold in index order whatever this is.
constexpr std::size_t kSlots = std::size_t{1} << 20;

// Below this mean square of a difference, squares of floats may have left the range of float.
constexpr double kLeastMeanSquare = 1e-30;

// One pair's squared distance with every operation in double, shard by shard; b may be null.
template <class Real>
double slow_squared_distance(const Real* a, const Real* b, std::size_t dimension) {
  double total = 0;
  for (std::size_t index = 0; index < shard_count(dimension); ++index) {
    const Shard shard = shard_at(dimension, index);
    total += b == nullptr ? squared_norm(a + shard.begin, shard.size())
                          : squared_distance(a + shard.begin, b + shard.begin, shard.size());
  }
  return total;
}

// Sums of squares taken in float may have overflown or vanished: these pairs are summed again. That
// depends on the values alone.
void mend_totals(std::span<const float* const> vectors, std::size_t dimension,
                 const Executor& executor, std::vector<double>& totals) {
  const std::size_t n = vectors.size();
  const double least = kLeastMeanSquare * static_cast<double>(dimension);
  std::vector<char> finite(n);
  bool seen_non_finite = false;
  // Vectors are looked at only where a sum says that one may not be finite.
  for (const double total : totals) seen_non_finite |= !std::isfinite(total);
  if (seen_non_finite)
    executor.for_each(n, [&](std::size_t i) {
      finite[i] = vectors[i] == nullptr || all_finite(vectors[i], dimension);
    });
  executor.for_each(n, [&](std::size_t i) {
    // Where the pairs of i with later vectors begin.
    double* total = totals.data() + i * (2 * n - i - 1) / 2;
    for (std::size_t j = i + 1; j < n; ++j, ++total) {
      if (*total >= least && std::isfinite(*total)) continue;
      // Of a vector that is not finite no sum is: there is nothing to mend.
      if (!std::isfinite(*total) && !(finite[i] && finite[j])) continue;
      // A sum near 0 is most often that of equal vectors, which a comparison of bytes tells sooner.
      const bool equal = vectors[j] != nullptr &&
                         std::memcmp(vectors[i], vectors[j], dimension * sizeof(float)) == 0;
      *total = equal ? 0 : slow_squared_distance(vectors[i], vectors[j], dimension);
    }
  });
}

// Doubles were summed in double.
void mend_totals(std::span<const double* const>, std::size_t, const Executor&,
                 std::vector<double>&) {}

DistanceMatrix as_matrix(std::size_t n, const std::vector<double>& totals) {
  DistanceMatrix matrix(n);
  auto total = totals.begin();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j, ++total)
      // A NaN would have no place in an order of distances.
      matrix.set(i, j, std::isfinite(*total) ? *total : std::numeric_limits<double>::infinity());
  return matrix;
}

}  // namespace

template <class Real>
DistanceMatrix squared_distances(std::span<const Real* const> vectors, std::size_t dimension,
                                 const Executor& executor) {
  const std::size_t n = vectors.size();
  const std::size_t pairs = n < 2 ? 0 : n * (n - 1) / 2;
  const std::size_t shards = shard_count(dimension);
  const std::size_t group =
      // At least 16 shards at once, so that threads have work whatever the number of pairs.
      std::min(shards, std::max<std::size_t>(16, kSlots / std::max<std::size_t>(1, pairs)));
  std::vector<double> totals(pairs, 0.0), partials(pairs * group);

  for (std::size_t first = 0; first < shards; first += group) {
    const std::size_t count = std::min(group, shards - first);
    executor.for_each(count, [&](std::size_t index) {
      tiled_squared_distances(vectors, shard_at(dimension, first + index),
                              partials.data() + index * pairs);
    });
    for (std::size_t index = 0; index < count; ++index)
      for (std::size_t pair = 0; pair < pairs; ++pair)
        totals[pair] += partials[index * pairs + pair];
  }
  mend_totals(vectors, dimension, executor, totals);
  return as_matrix(n, totals);
}

template DistanceMatrix squared_distances(std::span<const float* const>, std::size_t,
                                          const Executor&);
template DistanceMatrix squared_distances(std::span<const double* const>, std::size_t,
                                          const Executor&);

}  // namespace byzsim
