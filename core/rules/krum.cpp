#include <algorithm>

#include "core/rules/krum_scores.h"
#include "core/rules/received_distances.h"
#include "core/rules/selection.h"

namespace byzsim::rules_list {
namespace {

template <class Real>
void aggregate_krum(const RuleInput<Real>& input, Real* out) {
  const std::size_t neighbours = krum_neighbours(input.parameters, input.n(), input.f);
  const KrumScores scores(received_distances(input));
  const std::size_t best = least_scored(input, scores.of_all(neighbours), 1).front();
  // One of the vectors itself, bit by bit: no mean, so no rounding.
  std::copy_n(input.vectors[best], input.dimension, out);
}

}  // namespace

Rule krum() {
  return {
      .declaration =
          {.name = "krum",
           .summary =
               "the vector with the smallest sum of squared distances to its nearest neighbours",
           .source = "Blanchard et al., NeurIPS 2017",
           .parameters = {krum_neighbours()},
           .aliases = {"Krum"}},
      .proven = {2, 3},
      .computable = {1, 2},
      .aggregate_float = aggregate_krum<float>,
      .aggregate_double = aggregate_krum<double>,
      .growth = Growth::pairs,
      .cost = "n^2 d",
      .variance_bound = krum_variance_bound};
}

}  // namespace byzsim::rules_list
