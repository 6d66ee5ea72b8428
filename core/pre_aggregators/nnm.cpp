#include "core/pre_aggregators/pre_aggregator.h"
#include "core/rules/received_distances.h"
#include "core/rules/selection.h"

namespace byzsim::pre_aggregators_list {
namespace {

template <class Real>
std::vector<Mixture> mix_nnm(const RuleInput<Real>& input) {
  const std::size_t n = input.vectors.size();
  BYZ_CHECK(input.f >= 0 && input.n() > input.f, "NNM averages n - f vectors, at least one");
  const DistanceMatrix distances = received_distances(input);
  std::vector<Mixture> means(n);
  input.executor.for_each(n, [&](std::size_t i) {
    std::vector<double> from_it(n);
    for (std::size_t j = 0; j < n; ++j) from_it[j] = distances(i, j);
    // Also of a vector that is not finite: finite ones then come first, and the mean is theirs.
    means[i].of = least_scored(input, from_it, n - static_cast<std::size_t>(input.f));
  });
  return means;
}

}  // namespace

PreAggregator nnm() {
  return {.declaration = {.name = "nnm",
                          .summary = "nearest-neighbour mixing: every vector becomes the mean of "
                                     "the n-f vectors nearest to it, itself included",
                          .source = "Allouah et al., AISTATS 2023",
                          .aliases = {"NNM", "cva", "mixing", "NearestNeighborMixing"}},
          .computable = {1, 1},
          .mix_float = mix_nnm<float>,
          .mix_double = mix_nnm<double>,
          .cost = "n^2 d"};
}

}  // namespace byzsim::pre_aggregators_list
