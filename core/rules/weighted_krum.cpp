#include <algorithm>
#include <utility>
#include <vector>

#include "core/kernels/distances.h"
#include "core/rules/krum_scores.h"
#include "core/rules/selection.h"
#include "core/rules/vector_weights.h"

namespace byzsim::rules_list {
namespace {

// A vector that counts as several has its other copies at distance 0: the score sums squared
// distances to the nearest others until they and the vector itself count as much as `within`. The
// last of them counts in part.
double weighted_score(const DistanceMatrix& distances, const std::vector<double>& counts,
                      std::size_t i, double within) {
  std::vector<std::pair<double, std::size_t>> others;
  for (std::size_t j = 0; j < counts.size(); ++j)
    if (j != i) others.emplace_back(distances(i, j), j);
  std::sort(others.begin(), others.end());
  double left = within - counts[i], score = 0;
  for (const auto& [distance, j] : others) {
    if (left <= kWeightSlack * within) break;
    score += std::min(left, counts[j]) * distance;
    left -= counts[j];
  }
  return score;
}

template <class Real>
void aggregate_weighted_krum(const RuleInput<Real>& input, Real* out) {
  const WeightedVectors<Real> weighted = weighted_vectors(input);
  const RuleInput<Real> given = input_of_weighted(input, weighted);
  const std::size_t neighbours = krum_neighbours(input.parameters, input.n(), input.f);
  std::vector<double> counts = weighted.weights, scores;
  double within = static_cast<double>(neighbours) + 1;
  // Of n vectors that weigh `total`, in units of total / n, without a division.
  if (!weighted.equal) {
    for (double& count : counts) count *= static_cast<double>(input.n());
    within *= weighted.total;
  }
  const DistanceMatrix distances =
      squared_distances(given.vectors, input.dimension, input.executor);
  for (std::size_t i = 0; i < counts.size(); ++i)
    scores.push_back(weighted_score(distances, counts, i, within));
  std::copy_n(given.vectors[least_scored(given, scores, 1).front()], input.dimension, out);
}

}  // namespace

Rule weighted_krum() {
  return {
      .declaration = {.name = "weighted_krum",
                      .summary =
                          "krum with every vector counted by its weight: as n times that over the "
                          "total, copies of one vector at distance 0, the last neighbour in part",
                      .source =
                          "Krum of Blanchard et al., NeurIPS 2017, whose scores it has with equal "
                          "weights; condition: that of equal weights",
                      .parameters = {krum_neighbours()},
                      .aliases = {"WeightedKrum"}},
      .proven = {2, 3},
      .computable = {1, 2},
      .aggregate_float = aggregate_weighted_krum<float>,
      .aggregate_double = aggregate_weighted_krum<double>,
      .growth = Growth::pairs,
      .cost = "n^2 d",
      .uses_weights = true};
}

}  // namespace byzsim::rules_list
