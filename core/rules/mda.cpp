#include <cmath>
#include <vector>

#include "core/rules/minimum_diameter.h"
#include "core/rules/received_distances.h"
#include "core/rules/selection.h"

namespace byzsim::rules_list {
namespace {

bool distances_are_finite(const DistanceMatrix& distances, const std::vector<int>& subset) {
  for (const int i : subset)
    for (const int j : subset)
      if (!std::isfinite(distances(static_cast<std::size_t>(i), static_cast<std::size_t>(j))))
        return false;
  return true;
}

template <class Real>
std::vector<int> select_mda(const RuleInput<Real>& input) {
  const int size = input.n() - input.f;
  const DistanceMatrix distances = received_distances(input);
  // Squared distances: the subset of least diameter is the same one.
  const std::vector<int> subset = minimum_diameter_subset(distances, size, input.executor);
  if (size > 1 && distances_are_finite(distances, subset)) return subset;
  // Distances cannot tell here: there are none, or squares of huge doubles overflowed. All subsets
  // tie, but one of finite vectors is the better one.
  const auto finite = finite_first(input, static_cast<std::size_t>(size));
  return std::vector<int>(finite.begin(), finite.end());
}

template <class Real>
void aggregate_mda(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.f >= 0 && input.n() > input.f, "MDA averages n - f vectors, at least one");
  const std::vector<int> subset = select_mda(input);
  mean_of_selected<Real>(input, std::vector<std::size_t>(subset.begin(), subset.end()), out);
}

// Without Byzantine vectors any variance will do.
double variance_bound_mda(int n, int f) {
  return f == 0 ? kUnbounded : static_cast<double>(n - f) / (2.0 * f);
}

}  // namespace

Rule mda() {
  return {.declaration = {.name = "mda",
                          .summary = "the mean of the n-f vectors whose largest pairwise distance "
                                     "is smallest",
                          .source = "El-Mhamdi et al., PODC 2020; brute in Garfield",
                          .aliases = {"MDA", "brute", "MinimumDiameterAveraging"}},
          .proven = {2, 1},
          .computable = {1, 1},
          .aggregate_float = aggregate_mda<float>,
          .aggregate_double = aggregate_mda<double>,
          .most_vectors = kMinimumDiameterVectors,
          .growth = Growth::pairs,
          .cost = "n^2 d, and a search over subsets",
          .variance_bound = variance_bound_mda};
}

}  // namespace byzsim::rules_list
