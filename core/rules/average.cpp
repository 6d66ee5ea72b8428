#include <algorithm>
#include <numeric>

#include "core/kernels/vector_kernels.h"
#include "core/kernels/weighted_mean.h"
#include "core/machine/shards.h"
#include "core/rules/rule.h"

namespace byzsim::rules_list {
namespace {

template <class Real>
void aggregate_average(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.n() >= 1, "the average of no vectors does not exist");
  const auto others = [&](double weight) { return weight != input.weights.front(); };
  if (std::any_of(input.weights.begin(), input.weights.end(), others)) {
    const double sum = std::accumulate(input.weights.begin(), input.weights.end(), 0.0);
    std::vector<double> shares(input.weights.begin(), input.weights.end());
    for (double& share : shares) share /= sum;
    weighted_mean<Real>(input.vectors, shares, input.dimension, input.executor, out);
    return;
  }
  for_each_shard(input.executor, input.dimension, [&](Shard shard, std::size_t) {
    mean_of(input.vectors, shard.begin, shard.end, out);
  });
}

}  // namespace

Rule average() {
  return {.declaration = {.name = "average",
                          .summary = "the mean of all vectors, weighted where they have weights; "
                                     "tolerates no Byzantine vector: a single one moves it "
                                     "anywhere",
                          .source = "the baseline of Blanchard et al., NeurIPS 2017",
                          .aliases = {"Average", "Mean", "avg"}},
          .proven = {0, 1},
          .computable = {0, 1},
          .aggregate_float = aggregate_average<float>,
          .aggregate_double = aggregate_average<double>,
          .cost = "n d",
          .coordinatewise = true,
          .uses_weights = true};
}

}  // namespace byzsim::rules_list
