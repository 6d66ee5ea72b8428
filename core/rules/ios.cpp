// Every round takes the mean of what is left, so that a dropped vector no longer moves it.

#include <algorithm>

#include "core/kernels/distances_to_point.h"
#include "core/kernels/vector_kernels.h"
#include "core/kernels/weighted_mean.h"
#include "core/rules/gossip.h"

namespace byzsim::rules_list {
namespace {

// The weights of the vectors that are left: those that are not finite have none in a mean.
template <class Real>
std::vector<double> finite_weights(const RuleInput<Real>& input) {
  std::vector<double> weights;
  for (std::size_t i = 0; i < input.vectors.size(); ++i)
    weights.push_back(all_finite(input.vectors[i], input.dimension) ? gossip_weight(input, i) : 0);
  return weights;
}

// The weighted mean with weights that need not sum to 1; the own vector where no weight is left.
template <class Real>
void mean_of_left(const RuleInput<Real>& input, std::vector<double> weights, Real* out) {
  double total = 0;
  for (const double weight : weights) total += weight;
  if (total == 0) return copy_vector(input, own_of(input), out);
  for (double& weight : weights) weight /= total;
  weighted_mean<Real>(input.vectors, weights, input.dimension, input.executor, out);
}

// Takes the neighbour that is farthest from the point, the first of several, away from `left`.
template <class Real>
std::size_t drop_farthest(const RuleInput<Real>& input, const Real* point,
                          std::vector<std::size_t>& left) {
  const std::vector<double> distances =
      squared_distances_to(point, input.vectors, input.dimension, input.executor);
  const auto farthest =
      std::max_element(left.begin(), left.end(),
                       [&](std::size_t a, std::size_t b) { return distances[a] < distances[b]; });
  const std::size_t dropped = *farthest;
  left.erase(farthest);
  return dropped;
}

template <class Real>
void aggregate_ios(const RuleInput<Real>& input, Real* out) {
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < input.vectors.size(); ++i)
    if (i != own_of(input) && gossip_weight(input, i) > 0) left.push_back(i);
  std::vector<double> weights = finite_weights(input);
  const std::size_t rounds = std::min(left.size(), static_cast<std::size_t>(input.f));
  for (std::size_t round = 0; round < rounds; ++round) {
    mean_of_left(input, weights, out);
    weights[drop_farthest<Real>(input, out, left)] = 0;
  }
  mean_of_left(input, std::move(weights), out);
  if (input.counts != nullptr) input.counts->removed = static_cast<std::int64_t>(rounds);
}

}  // namespace

Rule ios() {
  return {
      .declaration = {.name = "ios",
                      .summary = "iterative outlier scissor: f times drops the neighbour farthest "
                                 "from the weighted mean of those left and the own vector",
                      .source = "IOS, as in the code that Wu published with it; condition: a "
                                "majority of honest vectors",
                      .aliases = {"IOS"}},
      .proven = {2, 1},
      .computable = {0, 1},
      .aggregate_float = aggregate_ios<float>,
      .aggregate_double = aggregate_ios<double>,
      .growth = Growth::pairs,
      .cost = "n^2 d",
      .needs_own = true,
      .uses_weights = true};
}

}  // namespace byzsim::rules_list
