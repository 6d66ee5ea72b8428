#include <algorithm>

#include "core/kernels/vector_kernels.h"
#include "core/permutation.h"
#include "core/pre_aggregator.h"
#include "core/shards.h"

namespace byzsim::pre_aggregators_list {
namespace {

std::size_t bucket_count(std::size_t n, std::size_t size) { return n / size + (n % size != 0); }

template <class Real>
std::vector<const Real*> shuffled(const RuleInput<Real>& input) {
  std::vector<const Real*> vectors;
  for (const std::uint32_t i : random_permutation(input.vectors.size(), input.stream))
    vectors.push_back(input.vectors[i]);
  return vectors;
}

template <class Real>
VectorList<Real> apply(const RuleInput<Real>& input) {
  const auto size = static_cast<std::size_t>(input.parameters.integer("size"));
  BYZ_CHECK(input.n() >= 1, "there is nothing to put into buckets");
  const std::vector<const Real*> vectors = shuffled(input);
  VectorList<Real> means(bucket_count(vectors.size(), size), std::vector<Real>(input.dimension));
  for_each_shard(input.executor, input.dimension, [&](Shard shard, std::size_t) {
    for (std::size_t i = 0; i < means.size(); ++i) {
      const std::size_t first = i * size;
      const std::span<const Real* const> bucket(vectors.data() + first,
                                                std::min(size, vectors.size() - first));
      mean_of(bucket, shard.begin, shard.end, means[i].data());
    }
  });
  return means;
}

std::int64_t outputs(const Parameters& parameters, std::int64_t n) {
  return static_cast<std::int64_t>(bucket_count(
      static_cast<std::size_t>(n), static_cast<std::size_t>(parameters.integer("size"))));
}

}  // namespace

PreAggregator bucketing() {
  return {.declaration = {.name = "bucketing",
                          .summary = "the means of random groups of vectors; a non-finite vector "
                                     "spoils its group, the f of the rule then counts groups",
                          .source = "Karimireddy et al., ICLR 2022",
                          .parameters = {integer("size", 2, 1, kMostVectors,
                                                 "vectors in a group; the last may have fewer")},
                          .aliases = {"Bucketing", "resampling"}},
          .computable = {0, 1},
          .apply_float = apply<float>,
          .apply_double = apply<double>,
          .outputs = outputs,
          .cost = "n d"};
}

}  // namespace byzsim::pre_aggregators_list
