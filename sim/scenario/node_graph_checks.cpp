// The conditions on every graph of a run.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/graphs/honest_part.h"
#include "core/pre_aggregators/aggregation.h"
#include "sim/scenario/node_graph.h"
#include "sim/scenario/placed_graphs.h"
#include "sim/scenario/scenario.h"

namespace byzsim {
namespace {

constexpr const char* kUnsafe = "or set \"unsafe\": true to permit this";

// The most Byzantine vectors that an honest node combines in one of these steps.
std::int64_t most_byzantine_in(const Scenario& scenario, const PlacedGraph& placed,
                               std::int64_t begin, std::int64_t end) {
  const auto peers = drawn_peers(scenario);
  if (!peers)
    return static_cast<std::int64_t>(
        most_byzantine_neighbourhood(placed.graph, placed.honest).byzantine);
  // By the draws of the run itself: a bound that is reached.
  const NodeGraph graph(placed, scenario.on_graph->weights, scenario.seed,
                        std::vector<std::int64_t>(placed.graph.vertices()),
                        drawn_identifiers(scenario));
  std::int64_t most = 0;
  for (std::uint32_t node = 0; node < placed.honest; ++node)
    for (std::int64_t step = begin; step < end; ++step) {
      const std::vector<std::uint32_t> asked = graph.peers_at(node, step, *peers);
      const auto first = std::lower_bound(asked.begin(), asked.end(), placed.honest);
      most = std::max<std::int64_t>(most, asked.end() - first);
    }
  return most;
}

// The first step after those of a graph.
std::int64_t end_of(const Scenario& scenario, const std::vector<PlacedFrom>& all, std::size_t i) {
  return i + 1 < all.size() ? all[i + 1].step : scenario.steps;
}

std::int64_t most_byzantine(const Scenario& scenario, const std::vector<PlacedFrom>& all) {
  std::int64_t most = 0;
  for (std::size_t i = 0; i < all.size(); ++i)
    most = std::max(
        most, most_byzantine_in(scenario, all[i].placed, all[i].step, end_of(scenario, all, i)));
  return most;
}

// What every honest node's rule assumes, in every step.
std::int64_t tolerated_by_all(const Scenario& scenario, const std::vector<PlacedFrom>& all,
                              Issues& issues) {
  const GraphPlan& plan = *scenario.on_graph;
  if (plan.tolerated) return *plan.tolerated;
  const auto& [declared, actual] = scenario.servers.byzantine;
  if (declared == actual) return most_byzantine(scenario, all);
  return most_byzantine(scenario, placed_graphs(scenario, declared, issues));
}

// That a node combines, its own among them.
std::int64_t vectors_of_node(const Scenario& scenario, const PlacedGraph& placed,
                             std::size_t node) {
  const auto degree = static_cast<std::int64_t>(degree_of(placed.graph, node));
  return std::min(degree, drawn_peers(scenario).value_or(degree)) + 1;
}

// A Byzantine node follows the protocol, too, as far as its rule can be computed there.
std::vector<std::int64_t> tolerated_by_each(const Scenario& scenario, const PlacedGraph& placed,
                                            std::int64_t honest) {
  std::vector<std::int64_t> tolerated(placed.graph.vertices(), honest);
  for (std::size_t i = placed.honest; i < tolerated.size(); ++i) {
    const std::int64_t n = vectors_of_node(scenario, placed, i);
    while (tolerated[i] > 0 && !can_combine(scenario, n, tolerated[i])) --tolerated[i];
  }
  return tolerated;
}

void check_honest_part(const Scenario& scenario, const PlacedGraph& placed, Issues& issues) {
  if (scenario.unsafe) return;
  if (const auto problem = disconnected_honest_part(placed.graph, placed.honest))
    issues.push_back({"/topology", *problem,
                      std::string("choose another graph, placement or seed, ") + kUnsafe});
}

void check_byzantine_neighbours(const Scenario& scenario, const PlacedGraph& placed,
                                std::int64_t most, std::int64_t tolerated, Issues& issues) {
  if (scenario.unsafe || most <= tolerated) return;
  const std::string where =
      drawn_peers(scenario) ? fmt::format("an honest node asks {} Byzantine ones in one step", most)
                            : to_string(most_byzantine_neighbourhood(placed.graph, placed.honest));
  issues.push_back({"/nodes/tolerated", fmt::format("{}, and rules assume {}", where, tolerated),
                    fmt::format("use at least {}, {}", most, kUnsafe)});
}

std::string neighbours_text(std::int64_t count) {
  return fmt::format("{} neighbour{}", count, count == 1 ? "" : "s");
}

// The honest node with the fewest neighbours, and that with the most.
std::pair<std::size_t, std::size_t> extreme_degrees(const PlacedGraph& placed) {
  std::size_t fewest = 0, most = 0;
  for (std::size_t i = 1; i < placed.honest; ++i) {
    if (degree_of(placed.graph, i) < degree_of(placed.graph, fewest)) fewest = i;
    if (degree_of(placed.graph, i) > degree_of(placed.graph, most)) most = i;
  }
  return {fewest, most};
}

// What is combined are models; in gradient tracking also vectors that are none.
bool has_losses(const Scenario& scenario) {
  return scenario.numbers == Numbers::real && scenario.protocol.name != "gradient_tracking";
}

std::string place_of_peers(const Scenario& scenario) {
  const bool named = scenario.on_graph->topology.name == "random_out";
  return named ? "/topology/parameters/peers" : "/protocol/parameters/peers";
}

void check_peers(const Scenario& scenario, const PlacedGraph& placed, Issues& issues) {
  const auto peers = drawn_peers(scenario);
  const std::size_t fewest = extreme_degrees(placed).first;
  const auto least = static_cast<std::int64_t>(degree_of(placed.graph, fewest));
  if (scenario.protocol.name == "pull_gossip" && *peers > least)
    issues.push_back(
        {place_of_peers(scenario),
         fmt::format("is {}, and node {} has {}", *peers, fewest, neighbours_text(least)),
         least > 0 ? fmt::format("use at most {}, or a graph of higher degree", least)
                   : std::string("choose a graph of higher degree")});
}

// A pair stays a pair, whatever the graph.
std::string remedy_for_rule(const Scenario& scenario) {
  const std::string& protocol = scenario.protocol.name;
  const std::string more = protocol == "pairwise_gossip" ? "choose another rule"
                           : protocol == "pull_gossip"
                               ? "draw more (" + place_of_peers(scenario) + "), choose another rule"
                               : "choose a graph of higher degree, another rule";
  return scenario.unsafe ? more + " or other parameters of the rule"
                         : more + " or a smaller /nodes/tolerated, " + kUnsafe;
}

// Whether the rule needs what nodes do not have, which is reported.
bool check_offered_on_graph(const Group& nodes, Offered offered, Issues& issues) {
  const auto unmet = unmet_need(aggregation_of(nodes), offered);
  if (!unmet) return false;
  if (rules().at(nodes.aggregator.name).needs_reference)
    issues.push_back({"/nodes/aggregator",
                      fmt::format("{} compares gradients with one on examples that a server holds "
                                  "itself, and nodes of a graph aggregate models",
                                  nodes.aggregator.name),
                      "choose another rule, or the protocol sgd with \"/servers/root_examples\""});
  else
    issues.push_back({"/nodes/aggregator", *unmet,
                      nodes.pre.empty() ? "choose another rule"
                                        : "choose another rule, or leave out what groups vectors"});
  return true;
}

// Whether more vectors would not help the rule.
bool has_enough_vectors(const Scenario& scenario, const Aggregation& aggregation,
                        std::int64_t vectors) {
  const Rule& rule = rules().at(aggregation.rule.name);
  return aggregation.pre.empty() && rule.problem != nullptr &&
         rule.computable.holds(vectors, aggregation.f) &&
         (scenario.unsafe || rule.proven.holds(vectors, aggregation.f));
}

// A rule that looks at every subset may have too many where it has few at the other nodes.
void check_rule_of_most(const Scenario& scenario, const Aggregation& aggregation, std::size_t node,
                        std::int64_t vectors, Issues& issues) {
  const Offered offered{.own = true, .losses = has_losses(scenario)};
  if (const auto broken = broken_condition(aggregation, vectors, scenario.unsafe, offered))
    issues.push_back({"/nodes/aggregator",
                      fmt::format("{}: those of node {}'s {}, and its own", *broken, node,
                                  neighbours_text(vectors - 1)),
                      "choose other parameters of the rule, another rule, a graph of lower degree "
                      "or a smaller /nodes/tolerated"});
}

// The honest node with the fewest neighbours has the hardest condition, and that with the most the
// largest number of vectors.
void check_rule_on_graph(const Scenario& scenario, const PlacedGraph& placed,
                         std::int64_t tolerated, Issues& issues) {
  const Group& nodes = scenario.servers;
  Aggregation aggregation = aggregation_of(nodes);
  aggregation.f = static_cast<int>(tolerated);
  const auto [fewest, most] = extreme_degrees(placed);
  const auto vectors = [&](std::size_t node) { return vectors_of_node(scenario, placed, node); };
  if (const Rule& rule = rules().at(nodes.aggregator.name); vectors(most) > rule.most_vectors) {
    issues.push_back(
        {"/nodes/aggregator",
         fmt::format("node {} has {}, but {} takes at most {} vectors", most,
                     neighbours_text(vectors(most) - 1), nodes.aggregator.name, rule.most_vectors),
         "choose a graph of lower degree or another rule"});
    return;
  }
  const Offered offered{.own = true, .losses = has_losses(scenario)};
  if (check_offered_on_graph(nodes, offered, issues)) return;
  const auto broken = broken_condition(aggregation, vectors(fewest), scenario.unsafe, offered);
  if (!broken) return check_rule_of_most(scenario, aggregation, most, vectors(most), issues);
  if (has_enough_vectors(scenario, aggregation, vectors(fewest)))
    return check_rule_of_most(scenario, aggregation, fewest, vectors(fewest), issues);
  const auto peers = drawn_peers(scenario);
  const std::string whose =
      peers ? fmt::format("the {} that a node draws", *peers)
            : fmt::format("those of node {}'s {}", fewest, neighbours_text(vectors(fewest) - 1));
  issues.push_back({"/nodes/aggregator", fmt::format("{}: {}, and its own", *broken, whose),
                    remedy_for_rule(scenario)});
}

}  // namespace

std::shared_ptr<const NodeGraphs> make_node_graphs(const Scenario& scenario, Issues& issues) {
  BYZ_CHECK(scenario.on_graph.has_value(), "the protocol is on a graph");
  const std::size_t before = issues.size();
  std::vector<PlacedFrom> all = placed_graphs(scenario, scenario.servers.byzantine.actual, issues);
  if (issues.size() > before) return nullptr;
  const std::int64_t tolerated = tolerated_by_all(scenario, all, issues);
  for (std::size_t i = 0; i < all.size() && issues.size() == before; ++i) {
    const auto& [step, placed] = all[i];
    const std::int64_t most = most_byzantine_in(scenario, placed, step, end_of(scenario, all, i));
    check_honest_part(scenario, placed, issues);
    check_byzantine_neighbours(scenario, placed, most, tolerated, issues);
    check_peers(scenario, placed, issues);
    check_rule_on_graph(scenario, placed, tolerated, issues);
    for (std::size_t k = before; k < issues.size(); ++k)
      issues[k].problem += in_graph_from(step, all.size() > 1);
  }
  if (issues.size() > before) return nullptr;
  std::vector<GraphFrom> graphs;
  for (auto& [step, placed] : all) {
    std::vector<std::int64_t> each = tolerated_by_each(scenario, placed, tolerated);
    graphs.push_back({step, std::make_shared<const NodeGraph>(
                                std::move(placed), scenario.on_graph->weights, scenario.seed,
                                std::move(each), drawn_identifiers(scenario))});
  }
  return std::make_shared<const NodeGraphs>(std::move(graphs));
}

}  // namespace byzsim
