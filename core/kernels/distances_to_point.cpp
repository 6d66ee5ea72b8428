#include "core/kernels/distances_to_point.h"

#include <cmath>
#include <limits>

#include "core/kernels/vector_kernels.h"
#include "core/machine/shards.h"

namespace byzsim {
namespace {

// For every vector the sum of of_shard(vector, shard) over the shards, in their order; +infinity
// instead of anything that is not finite.
template <class Real, class OfShard>
std::vector<double> sums_over_shards(std::span<const Real* const> vectors, std::size_t dimension,
                                     const Executor& executor, const OfShard& of_shard) {
  const std::size_t n = vectors.size();
  std::vector<double> partials(n * shard_count(dimension));
  for_each_shard(executor, dimension, [&](Shard shard, std::size_t index) {
    for (std::size_t i = 0; i < n; ++i) partials[index * n + i] = of_shard(vectors[i], shard);
  });
  std::vector<double> sums(n, 0.0);
  // In the order of shards, whichever was done first.
  for (std::size_t slot = 0; slot < partials.size(); ++slot) sums[slot % n] += partials[slot];
  for (double& sum : sums)
    if (!std::isfinite(sum)) sum = std::numeric_limits<double>::infinity();
  return sums;
}

}  // namespace

template <class Real>
std::vector<double> squared_distances_to(const Real* point, std::span<const Real* const> vectors,
                                         std::size_t dimension, const Executor& executor) {
  return sums_over_shards(vectors, dimension, executor, [&](const Real* vector, Shard shard) {
    return squared_distance(vector + shard.begin, point + shard.begin, shard.size());
  });
}

template <class Real>
std::vector<double> norms_of(std::span<const Real* const> vectors, std::size_t dimension,
                             const Executor& executor) {
  std::vector<double> norms =
      sums_over_shards(vectors, dimension, executor, [&](const Real* vector, Shard shard) {
        return squared_norm(vector + shard.begin, shard.size());
      });
  for (double& norm : norms) norm = std::sqrt(norm);
  return norms;
}

template std::vector<double> squared_distances_to(const float*, std::span<const float* const>,
                                                  std::size_t, const Executor&);
template std::vector<double> squared_distances_to(const double*, std::span<const double* const>,
                                                  std::size_t, const Executor&);
template std::vector<double> norms_of(std::span<const float* const>, std::size_t, const Executor&);
template std::vector<double> norms_of(std::span<const double* const>, std::size_t, const Executor&);

}  // namespace byzsim
