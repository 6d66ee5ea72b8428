// Against the direction of the honest mean, as far as Krum still selects what is sent.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "adversaries/attacks/honest_statistics.h"
#include "adversaries/attacks/line_search.h"
#include "core/check.h"
#include "core/kernels/distances.h"

namespace byzsim::attacks_list {
namespace {

// Their threshold: a smaller lambda does no harm.
constexpr double kLeastLambda = 1e-5;

bool knows_parameter(const Choice& rule, const std::string& name) {
  return std::any_of(rule.parameters.values().begin(), rule.parameters.values().end(),
                     [&](const auto& each) { return each.first == name; });
}

// The Krum that must pick the vector: the victim's, whatever it has before Krum and averages after
// it, or the published one.
Aggregation targeted_krum(const Aggregation* defence, int f) {
  Choice krum{"krum", defaults(rules().at("krum").declaration.parameters)};
  if (defence == nullptr) return {{}, krum, f};
  const Choice& theirs = defence->rule;
  const bool is_krum = theirs.name == "krum" || theirs.name == "multi_krum";
  if (is_krum && knows_parameter(theirs, "neighbours"))
    krum.parameters.set("neighbours", theirs.parameters.word("neighbours"));
  return {{}, krum, defence->f};
}

// Their upper bound of the lambda that Krum can pick: the least sum of distances from an honest
// vector to its `neighbours` nearest, over n - 2f - 1, plus the largest distance to the mean; all
// over sqrt(d). Where n - 2f - 1 < 1 no bound holds, and 1 stands for it.
template <class Real>
double largest_lambda(const AttackInput<Real>& input, const std::vector<double>& mean, int f) {
  std::vector<const Real*> vectors = known_vectors(input);
  const int n = static_cast<int>(vectors.size()) + input.f;
  const auto neighbours = static_cast<std::size_t>(std::max(0, n - f - 2));
  const std::vector<Real> center = rounded<Real>(mean);
  vectors.push_back(center.data());
  const DistanceMatrix squared = squared_distances<Real>(vectors, mean.size(), input.executor);
  const std::size_t honest = vectors.size() - 1;
  std::optional<double> least_sum;
  double to_mean = 0;
  for (std::size_t i = 0; i < honest; ++i) {
    // The bound is over distances, not over their squares, by which Krum itself scores.
    std::vector<double> near;
    for (std::size_t j = 0; j < honest; ++j)
      if (j != i) near.push_back(std::sqrt(squared(i, j)));
    std::sort(near.begin(), near.end());
    // There are fewer where the declared f is well below the actual one.
    near.resize(std::min(near.size(), neighbours));
    const double sum = std::accumulate(near.begin(), near.end(), 0.0);
    least_sum = std::min(least_sum.value_or(sum), sum);
    to_mean = std::max(to_mean, std::sqrt(squared(i, honest)));
  }
  BYZ_CHECK(least_sum.has_value(), "a mean is of at least one vector");
  const double bound =
      (*least_sum / std::max(1, n - 2 * f - 1) + to_mean) / std::sqrt(double(mean.size()));
  return std::isfinite(bound) ? bound : 10.0;  // where NDSS'21 begin their own searches
}

template <class Real>
bool picks(const Aggregation& krum, const AttackInput<Real>& input,
           const std::vector<Real>& candidate) {
  BYZ_CHECK(candidate.size() == input.dimension(), "a candidate has the vectors' dimension");
  const std::vector<const Real*> vectors = attacked(input, candidate);
  const AggregationInput<Real> given{vectors, input.dimension(), nullptr, input.stream};
  // Krum returns one of its inputs bit for bit, and all f copies of the candidate are the same.
  return aggregate(krum, given, input.executor) == candidate;
}

template <class Real>
std::vector<Real> craft_fang(AttackInput<Real> input) {
  const std::vector<double> mean = honest_mean(input);
  const Aggregation krum = targeted_krum(input.defence, input.f);
  const auto n = static_cast<std::int64_t>(known_vectors(input).size()) + input.f;
  // Krum cannot be computed on so few vectors: there is nothing to search against.
  if (mean.empty() || broken_condition(krum, n, true)) return rounded<Real>(mean);
  Line line{mean, signs_of(mean)};
  for (double& value : line.direction) value = -value;
  // At most 1041 rounds: the largest double is below 1e-5 * 2^1041.
  double lambda = largest_lambda(input, mean, krum.f);
  for (; lambda > kLeastLambda; lambda /= 2) {
    auto candidate = rounded<Real>(line.at(lambda));
    if (picks(krum, input, candidate)) return candidate;
  }
  return rounded<Real>(line.at(lambda));
}

}  // namespace

Attack fang() {
  return {.declaration = {.name = "fang",
                          .summary = "mean - lambda * its sign, of the visible honest vectors, "
                                     "with lambda halved until Krum selects it",
                          .source = "Fang et al., USENIX Security 2020, on gradients as Shejwalkar "
                                    "and Houmansadr, NDSS 2021",
                          .aliases = {"Fang"}},
          .uses_honest = true,
          .craft_float = craft_fang<float>,
          .craft_double = craft_fang<double>};
}

}  // namespace byzsim::attacks_list
