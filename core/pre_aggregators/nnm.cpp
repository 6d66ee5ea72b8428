#include <algorithm>

#include "core/kernels/distances.h"
#include "core/kernels/vector_kernels.h"
#include "core/pre_aggregator.h"
#include "core/selection.h"
#include "core/shards.h"

namespace byzsim::pre_aggregators_list {
namespace {

// Coordinates converted to double at once, for all the means they enter: few enough for the
// first-level cache.
constexpr std::size_t kBlock = 128;

template <class Real>
void mix(std::span<const Real* const> vectors, const std::vector<std::vector<std::size_t>>& nearest,
         Shard shard, VectorList<Real>& mixed) {
  const std::size_t n = vectors.size();
  std::vector<double> block(n * kBlock);
  std::vector<std::vector<const double*>> rows(n);
  for (std::size_t i = 0; i < n; ++i)
    for (const std::size_t j : nearest[i]) rows[i].push_back(block.data() + j * kBlock);
  for (std::size_t begin = shard.begin; begin < shard.end; begin += kBlock) {
    const std::size_t count = std::min(kBlock, shard.end - begin);
    for (std::size_t i = 0; i < n; ++i)
      std::copy_n(vectors[i] + begin, count, block.data() + i * kBlock);
    for (std::size_t i = 0; i < n; ++i)
      mean_of(std::span<const double* const>(rows[i]), 0, count, mixed[i].data() + begin);
  }
}

template <class Real>
VectorList<Real> apply(const RuleInput<Real>& input) {
  const std::size_t n = input.vectors.size();
  BYZ_CHECK(input.f >= 0 && input.n() > input.f, "NNM averages n - f vectors, at least one");
  const DistanceMatrix distances =
      squared_distances(input.vectors, input.dimension, input.executor);
  std::vector<std::vector<std::size_t>> nearest(n);
  input.executor.for_each(n, [&](std::size_t i) {
    std::vector<double> from_it(n);
    for (std::size_t j = 0; j < n; ++j) from_it[j] = distances(i, j);
    nearest[i] = least_scored(input, from_it, n - static_cast<std::size_t>(input.f));
  });
  VectorList<Real> mixed(n, std::vector<Real>(input.dimension));
  for_each_shard(input.executor, input.dimension,
                 [&](Shard shard, std::size_t) { mix(input.vectors, nearest, shard, mixed); });
  return mixed;
}

}  // namespace

PreAggregator nnm() {
  return {.declaration = {.name = "nnm",
                          .summary = "nearest-neighbour mixing: every vector becomes the mean of "
                                     "the n-f vectors nearest to it, itself included",
                          .source = "Allouah et al., AISTATS 2023",
                          .aliases = {"NNM", "cva", "mixing", "NearestNeighborMixing"}},
          .computable = {1, 1},
          .apply_float = apply<float>,
          .apply_double = apply<double>,
          .cost = "n^2 d"};
}

}  // namespace byzsim::pre_aggregators_list
