#include "core/distances.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/shards.h"
#include "core/vector_kernels.h"

namespace byzsim {
namespace {

// Partial sums kept at once (8 MiB). Shards fold in index order whatever this is.
constexpr std::size_t kSlots = std::size_t{1} << 20;

// Writes the shard's share of every pair's squared distance: (0, 1), (0, 2), ..., (1, 2), ...
template <class Real>
void distances_of_shard(std::span<const Real* const> vectors, Shard shard, double* partial) {
  for (std::size_t i = 0; i < vectors.size(); ++i)
    for (std::size_t j = i + 1; j < vectors.size(); ++j)
      *partial++ =
          squared_distance(vectors[i] + shard.begin, vectors[j] + shard.begin, shard.size());
}

DistanceMatrix as_matrix(std::size_t n, const std::vector<double>& totals) {
  DistanceMatrix matrix(n);
  auto total = totals.begin();
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i + 1; j < n; ++j, ++total)
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
      std::min(shards, std::max<std::size_t>(16, kSlots / std::max<std::size_t>(1, pairs)));
  std::vector<double> totals(pairs, 0.0), partials(pairs * group);

  for (std::size_t first = 0; first < shards; first += group) {
    const std::size_t count = std::min(group, shards - first);
    executor.for_each(count, [&](std::size_t index) {
      distances_of_shard(vectors, shard_at(dimension, first + index),
                         partials.data() + index * pairs);
    });
    for (std::size_t index = 0; index < count; ++index)
      for (std::size_t pair = 0; pair < pairs; ++pair)
        totals[pair] += partials[index * pairs + pair];
  }
  return as_matrix(n, totals);
}

template DistanceMatrix squared_distances(std::span<const float* const>, std::size_t,
                                          const Executor&);
template DistanceMatrix squared_distances(std::span<const double* const>, std::size_t,
                                          const Executor&);

}  // namespace byzsim
