#include <cmath>
#include <vector>

#include "core/distances.h"
#include "core/minimum_diameter.h"
#include "core/rule.h"
#include "core/shards.h"
#include "core/vector_kernels.h"

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
std::vector<int> finite_vectors(const RuleInput<Real>& input) {
  std::vector<int> finite;
  for (int i = 0; i < input.n(); ++i)
    if (all_finite(input.vectors[static_cast<std::size_t>(i)], input.dimension))
      finite.push_back(i);
  return finite;
}

template <class Real>
std::vector<int> select(const RuleInput<Real>& input) {
  const int size = input.n() - input.f;
  const DistanceMatrix distances =
      squared_distances(input.vectors, input.dimension, input.executor);
  const std::vector<int> subset = minimum_diameter_subset(distances, size);
  if (size > 1 && distances_are_finite(distances, subset)) return subset;
  // Distances cannot tell here: there are none, or squares of huge doubles overflowed. All subsets
  // tie, but one of finite vectors is the better one.
  std::vector<int> finite = finite_vectors(input);
  if (static_cast<int>(finite.size()) < size) return subset;
  finite.resize(static_cast<std::size_t>(size));
  return finite;
}

template <class Real>
void aggregate(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.f >= 0 && input.n() > input.f, "MDA averages n - f vectors, at least one");
  std::vector<const Real*> selected;
  for (const int i : select(input)) selected.push_back(input.vectors[static_cast<std::size_t>(i)]);
  for_each_shard(input.executor, input.dimension, [&](Shard shard, std::size_t) {
    mean_of<Real>(selected, shard.begin, shard.end, out);
  });
}

}  // namespace

Rule mda() {
  return {.declaration = {.name = "mda",
                          .summary = "the mean of the n-f vectors whose largest pairwise distance "
                                     "is smallest",
                          .source = "El-Mhamdi et al., PODC 2020; brute in Garfield"},
          .proven = {2, 1},
          .computable = {1, 1},
          .aggregate_float = aggregate<float>,
          .aggregate_double = aggregate<double>,
          .most_vectors = kMinimumDiameterVectors};
}

}  // namespace byzsim::rules_list
