#include "sim/gather/graph_contraction.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "core/check.h"
#include "sim/gather/rule_lines.h"

namespace byzsim {
namespace {

// What one Byzantine neighbour sends a node.
enum class Sent { number, infinity, minus_infinity, not_a_number, nothing };
constexpr std::size_t kKindsOfSent = 5;

double value_of_sent(Sent sent) {
  if (sent == Sent::infinity) return kUnbounded;
  return sent == Sent::minus_infinity ? -kUnbounded : std::numeric_limits<double>::quiet_NaN();
}

// What a node combines where each Byzantine neighbour sends something of that kind. Values are
// relative to the own one.
struct Combine {
  Aggregation aggregation;  ///< with the f of this node
  std::size_t own = 0;
  std::vector<double> values;          ///< of those that sent something
  std::vector<double> weights;         ///< theirs
  std::vector<std::size_t> places;     ///< in `values` of the numbers to be chosen
  std::vector<Affine> finite;          ///< of the values that are finite, as of these numbers
  std::vector<double> finite_weights;  ///< theirs
  std::size_t finite_own = 0;          ///< the own one among them

  double with(const Numbers2& numbers, const Executor& alone) const {
    std::vector<double> all = values;
    for (std::size_t k = 0; k < places.size(); ++k) all[places[k]] = numbers[k];
    std::vector<const double*> vectors;
    for (const double& each : all) vectors.push_back(&each);
    AggregationInput<double> input{vectors, 1};
    input.own = own;
    input.weights = weights;
    return aggregate<double>(aggregation, input, alone).front();
  }
};

void add_value(Combine& combine, const Affine& value, double weight) {
  combine.values.push_back(value.constant);
  combine.weights.push_back(weight);
  combine.finite.push_back(value);
  combine.finite_weights.push_back(weight);
}

void add_own(Combine& combine) {
  combine.own = combine.values.size();
  combine.finite_own = combine.finite.size();
  add_value(combine, {}, 0);
}

void add_sent(Combine& combine, Sent sent, double weight) {
  if (sent == Sent::number) {
    Affine number;
    number.of[combine.places.size()] = 1;
    combine.places.push_back(combine.values.size());
    add_value(combine, number, weight);
  } else if (sent != Sent::nothing) {
    combine.values.push_back(value_of_sent(sent));
    combine.weights.push_back(weight);
  }
}

// In the order of the senders, as a run has them. What is missing is known to be faulty: its weight
// is the own one's, and f is one less.
Combine combine_of(const GraphGather& gather, std::size_t node, const std::vector<Sent>& sent) {
  const PlacedGraph& placed = gather.placed;
  const std::vector<double> row =
      weights_of(placed.graph, gather.weights, node, largest_degree(placed.graph));
  const std::vector<std::uint32_t>& neighbours = placed.graph.neighbours[node];
  const auto lower = static_cast<std::size_t>(
      std::lower_bound(neighbours.begin(), neighbours.end(), node) - neighbours.begin());
  Combine combine{gather.aggregation, 0, {}, {}, {}, {}, {}, 0};
  double own_weight = row.front();
  std::size_t next = 0;
  for (std::size_t k = 0; k < neighbours.size(); ++k) {
    if (k == lower) add_own(combine);
    const double weight = row[k + 1];
    if (neighbours[k] < placed.honest) {
      const auto apart = gather.positions[neighbours[k]] - gather.positions[node];
      add_value(combine, {static_cast<double>(apart), {}}, weight);
      continue;
    }
    own_weight += sent[next] == Sent::nothing ? weight : 0;
    add_sent(combine, sent[next++], weight);
  }
  if (lower == neighbours.size()) add_own(combine);
  combine.weights[combine.own] = combine.finite_weights[combine.finite_own] = own_weight;
  const auto silent = std::count(sent.begin(), sent.end(), Sent::nothing);
  combine.aggregation.f =
      static_cast<int>(std::max<std::int64_t>(0, gather.tolerated[node] - silent));
  return combine;
}

// The next case, every neighbour's kind a digit; false after the last.
bool next_case(std::vector<Sent>& sent) {
  for (Sent& each : sent) {
    each = static_cast<Sent>((static_cast<std::size_t>(each) + 1) % kKindsOfSent);
    if (each != Sent{}) return true;
  }
  return false;
}

// A power of two that no distance of positions and no radius exceeds.
double reach_of_lines(const GraphGather& gather) {
  const auto [low, high] = std::minmax_element(gather.positions.begin(), gather.positions.end());
  const double radius = clipping_radius(gather.aggregation.rule).value_or(0);
  int exponent = 0;
  std::frexp(std::max({1.0, static_cast<double>(*high - *low), radius}), &exponent);
  return std::ldexp(1.0, exponent);
}

// Relative to the own value, which stays where too little is received for the rule.
Extremes extremes_of_combine(const Combine& combine, double reach, const Executor& alone) {
  const auto n = static_cast<std::int64_t>(combine.values.size());
  if (broken_condition(combine.aggregation, n, true, {.own = true, .losses = true})) return {0, 0};
  const auto function = [&](const Numbers2& numbers) { return combine.with(numbers, alone); };
  const LineInput of{combine.finite, combine.finite_weights, combine.finite_own,
                     combine.aggregation.f};
  return extremes_of(function, combine.places.size(), lines_of(combine.aggregation.rule, of),
                     reach);
}

std::optional<Issue> unknown_rule(const Aggregation& aggregation) {
  if (!aggregation.pre.empty())
    return Issue{"/nodes/pre_aggregators", "a contraction on a graph is of a rule alone",
                 "leave them out"};
  auto problem = problem_of_lines(aggregation.rule);
  if (problem) problem->where = "/nodes/aggregator" + problem->where;
  return problem;
}

// Beyond it a position is lost in the sum with a radius, and farther out the sum overflows.
constexpr double kLargestRadius = 9007199254740992;  // 2^53

std::optional<Issue> too_large_radius(const Choice& rule) {
  const auto radius = clipping_radius(rule);
  if (!radius || *radius <= kLargestRadius) return std::nullopt;
  return Issue{"/nodes/aggregator/parameters/radius",
               fmt::format("is {:.6g} units of the values' last decimal, and positions are exact "
                           "up to 2^53 of them",
                           *radius),
               "use a smaller radius"};
}

std::optional<Issue> too_many(const PlacedGraph& placed) {
  for (std::size_t node = 0; node < placed.honest; ++node) {
    const std::size_t degree = degree_of(placed.graph, node);
    const std::size_t byzantine = byzantine_neighbours(placed.graph, placed.honest, node);
    if (byzantine > kMostForged)
      return Issue{"/topology",
                   fmt::format("node {} has {} Byzantine neighbours, and a contraction is computed "
                               "for at most {}",
                               node, byzantine, kMostForged),
                   "use fewer Byzantine nodes or another graph"};
    if (degree > kMostCombined)
      return Issue{"/topology",
                   fmt::format("node {} has {} neighbours, and a contraction is computed for at "
                               "most {}",
                               node, degree, kMostCombined),
                   "use fewer nodes or a graph of lower degree"};
  }
  return std::nullopt;
}

}  // namespace

Issues problems_of(const GraphGather& gather) {
  Issues issues;
  if (gather.placed.honest < 2)
    issues.push_back({"/nodes/count", "one honest node has no drift", "use at least two"});
  if (auto problem = unknown_rule(gather.aggregation)) issues.push_back(std::move(*problem));
  if (auto problem = too_large_radius(gather.aggregation.rule))
    issues.push_back(std::move(*problem));
  if (auto problem = too_many(gather.placed)) issues.push_back(std::move(*problem));
  return issues;
}

Extremes reach_of_node(const GraphGather& gather, std::size_t node) {
  BYZ_CHECK(problems_of(gather).empty(), "a combine was checked before it is computed");
  BYZ_CHECK(node < gather.placed.honest && gather.positions.size() == gather.placed.honest &&
                gather.tolerated.size() >= gather.placed.honest,
            "every honest node has a position and tolerates a number");
  const Executor alone(1);
  const double reach = reach_of_lines(gather);
  std::vector<Sent> sent(byzantine_neighbours(gather.placed.graph, gather.placed.honest, node));
  Extremes all{kUnbounded, -kUnbounded};
  do {
    const Extremes next = extremes_of_combine(combine_of(gather, node, sent), reach, alone);
    all = {std::min(all.low, next.low), std::max(all.high, next.high)};
  } while (next_case(sent));
  const auto origin = static_cast<double>(gather.positions[node]);
  return {origin + all.low, origin + all.high};
}

GraphReach worst_reach(const GraphGather& gather) {
  GraphReach reach;
  const auto [low, high] = std::minmax_element(gather.positions.begin(), gather.positions.end());
  reach.before = *high - *low;
  for (std::size_t node = 0; node < gather.placed.honest; ++node)
    reach.nodes.push_back(reach_of_node(gather, node));
  reach.worst = -kUnbounded;
  for (std::size_t a = 0; a < reach.nodes.size(); ++a)
    for (std::size_t b = 0; b < reach.nodes.size(); ++b) {
      const double apart = reach.nodes[a].high - reach.nodes[b].low;
      if (a == b || !(apart > reach.worst)) continue;
      reach.worst = apart;
      reach.above = a;
      reach.below = b;
    }
  return reach;
}

}  // namespace byzsim
