#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/kernels/distances_to_point.h"
#include "core/kernels/weighted_mean.h"
#include "core/rules/selection.h"
#include "core/rules/vector_weights.h"

namespace byzsim::rules_list {
namespace {

const Rule& anchor_rule(const Parameters& parameters) {
  return rules().at(parameters.word("rule"));
}

template <class Real>
std::vector<Real> anchor_of(const RuleInput<Real>& input) {
  const Rule& rule = anchor_rule(input.parameters);
  const Parameters parameters = defaults(rule.declaration.parameters);
  std::vector<Real> anchor(input.dimension);
  RuleInput<Real> given{input.vectors,  input.dimension, input.f,   parameters,   input.executor,
                        input.previous, input.stream,    input.own, input.senders};
  given.weights = input.weights;
  given.loss = input.loss;
  rule.aggregate(given, anchor.data());
  return anchor;
}

// Each vector's part of the mean: all of its weight while there is room, nearest first, then what
// fills it.
std::vector<double> nearest_parts(const std::vector<std::size_t>& nearest,
                                  const std::vector<double>& weights, double total, double kept) {
  std::vector<double> parts(weights.size(), 0.0);
  double left = kept;
  for (const std::size_t i : nearest) {
    if (left <= kWeightSlack * total) break;
    parts[i] = std::min(left, weights[i]) / kept;
    left -= weights[i];
  }
  return parts;
}

template <class Real>
void aggregate_ctma(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.f >= 0 && input.n() > input.f, "CTMA averages n - f vectors, at least one");
  const std::vector<Real> anchor = anchor_of(input);
  const WeightedVectors<Real> weighted = weighted_vectors(input);
  const RuleInput<Real> given = input_of_weighted(input, weighted);
  const std::vector<double> distances =
      squared_distances_to(anchor.data(), given.vectors, input.dimension, input.executor);
  if (weighted.equal && is_default_share(input.parameters)) {
    const auto kept = static_cast<std::size_t>(input.n() - input.f);
    return mean_of_selected<Real>(given, least_scored(given, distances, kept), out);
  }
  const double kept = (1 - byzantine_share(input)) * weighted.total;
  const std::vector<double> parts = nearest_parts(
      least_scored(given, distances, given.vectors.size()), weighted.weights, weighted.total, kept);
  weighted_mean<Real>(given.vectors, parts, input.dimension, input.executor, out);
}

std::optional<std::string> problem_ctma(const Parameters& parameters, std::int64_t n,
                                        std::int64_t f, bool unsafe) {
  const Rule& rule = anchor_rule(parameters);
  const std::string& name = rule.declaration.name;
  if (n > rule.most_vectors)
    return fmt::format("{}, the rule of ctma, takes at most {} vectors, not {}", name,
                       rule.most_vectors, n);
  if (!unsafe && f > 0 && rule.proven.times_f == 0)
    return fmt::format("{}, the rule of ctma, tolerates no Byzantine vector", name);
  if (auto broken = broken_condition(rule, n, f, unsafe)) return broken;
  if (rule.problem == nullptr) return std::nullopt;
  return rule.problem(defaults(rule.declaration.parameters), n, f, unsafe);
}

// All that build on the vectors alone but for ctma itself: not on the own one, on what was kept, or
// on the server's examples.
std::vector<std::string> anchor_names() {
  return {"median",
          "average",
          "trimmed_mean",
          "meamed",
          "phocas",
          "krum",
          "multi_krum",
          "bulyan",
          "mda",
          "geometric_median",
          "centered_clipping",
          "cge",
          "aksel",
          "monna",
          "caf",
          "smea",
          "weighted_median",
          "weighted_geometric_median",
          "weighted_trimmed_mean",
          "weighted_krum",
          "dnc",
          "sign_guard",
          "gas",
          "hyperbox"};
}

}  // namespace

Rule ctma() {
  return {
      .declaration =
          {.name = "ctma",
           .summary = "the mean of the n-f vectors nearest to what another rule makes of all; with "
                      "weights the weighted mean of the nearest ones, the last of them in part",
           .source = "centered trimmed meta-aggregation of Dahan and Levy; of vectors equally far "
                     "the lowest index is kept, where their code keeps all; the weighted form as "
                     "we understand it; condition: that of the rule",
           .parameters = {word("rule", anchor_names(),
                               "the rule, at its default parameters, whose result the distances "
                               "are measured from"),
                          byzantine_share_parameter(
                              "share of the total weight that is left out, the farthest")},
           .aliases = {"CTMA"}},
      .proven = {2, 1},
      .computable = {1, 1},
      .aggregate_float = aggregate_ctma<float>,
      .aggregate_double = aggregate_ctma<double>,
      .growth = Growth::sorting,
      .cost = "n log(n) d with the median; at least that of the rule",
      .uses_weights = true,
      .problem = problem_ctma};
}

}  // namespace byzsim::rules_list
