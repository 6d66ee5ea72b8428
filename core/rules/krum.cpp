#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "core/distances.h"
#include "core/rule.h"
#include "core/vector_kernels.h"

namespace byzsim::rules_list {
namespace {

// Sum of the squared distances from vector i to its nearest others, smallest first.
double score(const DistanceMatrix& distances, std::size_t i, std::size_t neighbours) {
  std::vector<double> to_others;
  for (std::size_t j = 0; j < distances.n(); ++j)
    if (j != i) to_others.push_back(distances(i, j));
  std::sort(to_others.begin(), to_others.end());
  const auto nearest = to_others.begin();
  return std::accumulate(nearest, nearest + static_cast<std::ptrdiff_t>(neighbours), 0.0);
}

template <class Real>
void aggregate(const RuleInput<Real>& input, Real* out) {
  const bool without_f_and_2 = input.parameters.word("neighbours") == "n-f-2";
  const int neighbours = input.n() - input.f - (without_f_and_2 ? 2 : 1);
  BYZ_CHECK(neighbours >= 0 && neighbours < input.n(), "Krum cannot sum that many neighbours");
  const DistanceMatrix distances =
      squared_distances(input.vectors, input.dimension, input.executor);
  std::vector<double> scores;
  for (std::size_t i = 0; i < distances.n(); ++i)
    scores.push_back(score(distances, i, static_cast<std::size_t>(neighbours)));

  auto least = std::min_element(scores.begin(), scores.end());
  if (!std::isfinite(*least)) {
    // Squares of huge doubles overflow too: even then a finite vector is the better one.
    const auto is_finite = [&](const Real* vector) { return all_finite(vector, input.dimension); };
    const auto finite = std::find_if(input.vectors.begin(), input.vectors.end(), is_finite);
    if (finite != input.vectors.end()) least = scores.begin() + (finite - input.vectors.begin());
  }
  std::copy_n(input.vectors[static_cast<std::size_t>(least - scores.begin())], input.dimension,
              out);
}

}  // namespace

Rule krum() {
  return {.declaration = {.name = "krum",
                          .summary = "the vector with the least sum of squared distances to its "
                                     "nearest others",
                          .source = "Blanchard et al., NeurIPS 2017",
                          .parameters = {word("neighbours", {"n-f-2", "n-f-1"},
                                              "how many nearest others count: n-f-2 as published, "
                                              "or n-f-1 as in ByzFL")}},
          .proven = {2, 3},
          .computable = {1, 2},
          .aggregate_float = aggregate<float>,
          .aggregate_double = aggregate<double>};
}

}  // namespace byzsim::rules_list
