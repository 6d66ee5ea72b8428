// A distance over all coordinates hides a forged vector that differs in few of them. Scores are
// therefore sums over chunks of coordinates, in each of which a robust rule makes the reference.

#include <algorithm>
#include <cmath>
#include <string>

#include "core/exact/permutation.h"
#include "core/kernels/distances_to_point.h"
#include "core/rules/selection.h"

namespace byzsim::rules_list {
namespace {

// The distances of every vector's part to what the base rule makes of all parts.
template <class Real>
std::vector<double> chunk_distances(const RuleInput<Real>& input,
                                    std::span<const std::uint32_t> coordinates) {
  const Rule& base = rules().at(input.parameters.word("base"));
  const Parameters parameters = defaults(base.declaration.parameters);
  // Chunks are already in parallel; the rule within one has nothing to share out.
  const Executor this_thread(1);
  std::vector<std::vector<Real>> parts;
  std::vector<const Real*> pointers;
  for (const Real* vector : input.vectors) {
    parts.emplace_back();
    for (const std::uint32_t c : coordinates) parts.back().push_back(vector[c]);
  }
  for (const auto& part : parts) pointers.push_back(part.data());
  std::vector<Real> result(coordinates.size());
  base.aggregate(RuleInput<Real>{pointers, coordinates.size(), input.f, parameters, this_thread},
                 result.data());
  std::vector<double> distances =
      squared_distances_to<Real>(result.data(), pointers, coordinates.size(), this_thread);
  for (double& distance : distances) distance = std::sqrt(distance);
  return distances;
}

template <class Real>
std::vector<double> gas_scores(const RuleInput<Real>& input) {
  const std::size_t dimension = input.dimension;
  const auto chunks =
      std::min(dimension, static_cast<std::size_t>(input.parameters.integer("chunks")));
  const std::vector<std::uint32_t> order = random_permutation(dimension, input.stream);
  std::vector<std::vector<double>> distances(chunks);
  input.executor.for_each(chunks, [&](std::size_t k) {
    const std::size_t begin = k * dimension / chunks, end = (k + 1) * dimension / chunks;
    distances[k] = chunk_distances(input, std::span(order).subspan(begin, end - begin));
  });
  std::vector<double> scores(input.vectors.size(), 0.0);
  for (const std::vector<double>& each : distances)
    for (std::size_t i = 0; i < scores.size(); ++i) scores[i] += each[i];
  return scores;
}

template <class Real>
void aggregate_gas(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.n() > input.f, "GAS averages the n - f vectors of least score");
  const auto kept = static_cast<std::size_t>(input.n() - input.f);
  mean_of_selected<Real>(input, least_scored<Real>(input, gas_scores(input), kept), out);
}

std::optional<std::string> problem_gas(const Parameters& parameters, std::int64_t n, std::int64_t f,
                                       bool unsafe) {
  const auto broken = broken_condition(rules().at(parameters.word("base")), n, f, unsafe);
  return broken ? std::optional("the base of gas: " + *broken) : std::nullopt;
}

}  // namespace

Rule gas() {
  return {
      .declaration =
          {.name = "gas",
           .summary = "scores every vector by its distances, in drawn chunks of coordinates, to "
                      "what a base rule makes of the chunk; the mean of the n-f of least score",
           .source = "Liu et al., ICML 2023, as we understand it; steps and defaults as in the "
                     "code of FL-Byzantine-Library; condition: that of the base",
           .parameters = {word("base", {"krum", "bulyan"},
                               "the rule of a chunk, with its own defaults"),
                          integer("chunks", 1000, 1, 1e9,
                                  "how many chunks; one coordinate each where there are fewer")},
           .aliases = {"GAS"}},
      .proven = {2, 3},
      .computable = {1, 2},
      .aggregate_float = aggregate_gas<float>,
      .aggregate_double = aggregate_gas<double>,
      .growth = Growth::pairs,
      .cost = "n^2 d + n^2 log(n) chunks",
      .problem = problem_gas};
}

}  // namespace byzsim::rules_list
