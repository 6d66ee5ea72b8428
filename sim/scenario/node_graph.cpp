#include "sim/scenario/node_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/exact/random.h"
#include "core/graphs/fiedler_cut.h"
#include "core/graphs/honest_part.h"
#include "core/graphs/topology.h"
#include "core/pre_aggregators/aggregation.h"
#include "sim/scenario/scenario.h"

namespace byzsim {
namespace {

constexpr const char* kUnsafe = "or set \"unsafe\": true to permit this";

HonestAndByzantine nodes_of(const Group& nodes, std::int64_t byzantine) {
  return {static_cast<std::size_t>(nodes.count - byzantine), static_cast<std::size_t>(byzantine)};
}

// With that many Byzantine nodes; nothing, and an issue, where there is none.
std::optional<PlacedGraph> placed_with(const Scenario& scenario, std::int64_t byzantine,
                                       Issues& issues) {
  const GraphPlan& plan = *scenario.on_graph;
  const HonestAndByzantine nodes = nodes_of(scenario.servers, byzantine);
  if (auto problem = placement_problem(plan.placement, nodes, "/nodes/placement")) {
    issues.push_back(std::move(*problem));
    return std::nullopt;
  }
  const std::size_t vertices = vertices_of_topology(plan.placement, nodes);
  if (auto problem = topology_problem(plan.topology, vertices, "/topology")) {
    issues.push_back(std::move(*problem));
    return std::nullopt;
  }
  const Graph graph = make_graph(plan.topology, vertices, scenario.seed, "/topology");
  return place_byzantine(graph, plan.placement, nodes, scenario.seed);
}

// The identifiers of Byzantine nodes, those from `honest` on; an honest node has one.
struct Identifiers {
  std::size_t honest;
  std::uint64_t each;
  std::uint64_t of(std::uint32_t node) const { return node < honest ? 1 : each; }
};

// The place from `first` on of the node that a drawn identifier belongs to, of which there are
// `left` from there on.
std::size_t place_of_draw(const std::vector<std::uint32_t>& nodes, std::size_t first,
                          std::uint64_t left, const Identifiers& identifiers, Stream& stream) {
  const std::uint64_t drawn = stream.below(left);
  // One identifier each, and its place is the draw: large graphs are not walked through.
  if (identifiers.each == 1) return first + drawn;
  std::uint64_t before = 0;
  std::size_t place = first;
  while ((before += identifiers.of(nodes[place])) <= drawn) ++place;
  return place;
}

// That many of them, ascending, without replacement; all where there are no more.
std::vector<std::uint32_t> drawn_of(std::vector<std::uint32_t> neighbours, std::int64_t count,
                                    const Identifiers& identifiers, Stream stream) {
  const std::size_t kept = std::min(neighbours.size(), static_cast<std::size_t>(count));
  if (kept == neighbours.size()) return neighbours;
  std::uint64_t left = 0;
  for (const std::uint32_t neighbour : neighbours) left += identifiers.of(neighbour);
  for (std::size_t i = 0; i < kept; ++i) {
    std::swap(neighbours[i], neighbours[place_of_draw(neighbours, i, left, identifiers, stream)]);
    left -= identifiers.of(neighbours[i]);
  }
  neighbours.resize(kept);
  std::sort(neighbours.begin(), neighbours.end());
  return neighbours;
}

// Of a Byzantine node, among those that peers are drawn from.
std::int64_t drawn_identifiers(const Scenario& scenario) {
  if (scenario.protocol.name != "pull_gossip") return 1;
  return scenario.protocol.parameters.integer("identifiers");
}

// The most Byzantine vectors that an honest node combines in a step.
std::int64_t most_byzantine(const Scenario& scenario, const PlacedGraph& placed) {
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
    for (std::int64_t step = 0; step < scenario.steps; ++step) {
      const std::vector<std::uint32_t> asked = graph.peers_at(node, step, *peers);
      const auto first = std::lower_bound(asked.begin(), asked.end(), placed.honest);
      most = std::max<std::int64_t>(most, asked.end() - first);
    }
  return most;
}

// What every honest node's rule assumes.
std::int64_t tolerated_by_all(const Scenario& scenario, const PlacedGraph& placed, Issues& issues) {
  const GraphPlan& plan = *scenario.on_graph;
  if (plan.tolerated) return *plan.tolerated;
  const auto& [declared, actual] = scenario.servers.byzantine;
  if (declared == actual) return most_byzantine(scenario, placed);
  const auto assumed = placed_with(scenario, declared, issues);
  return assumed ? most_byzantine(scenario, *assumed) : 0;
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
                                std::int64_t tolerated, Issues& issues) {
  const std::int64_t most = most_byzantine(scenario, placed);
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

void check_peers(const Scenario& scenario, const PlacedGraph& placed, Issues& issues) {
  const auto peers = drawn_peers(scenario);
  const std::size_t fewest = extreme_degrees(placed).first;
  const auto least = static_cast<std::int64_t>(degree_of(placed.graph, fewest));
  if (scenario.protocol.name == "pull_gossip" && *peers > least)
    issues.push_back(
        {"/protocol/parameters/peers",
         fmt::format("is {}, and node {} has {}", *peers, fewest, neighbours_text(least)),
         least > 0 ? fmt::format("use at most {}, or a graph of higher degree", least)
                   : std::string("choose a graph of higher degree")});
}

// A pair stays a pair, whatever the graph.
std::string remedy_for_rule(const Scenario& scenario) {
  const std::string& protocol = scenario.protocol.name;
  const std::string more = protocol == "pairwise_gossip" ? "choose another rule"
                           : protocol == "pull_gossip"
                               ? "draw more (/protocol/parameters/peers), choose another rule"
                               : "choose a graph of higher degree, another rule";
  return scenario.unsafe ? more + " or other parameters of the rule"
                         : more + " or a smaller /nodes/tolerated, " + kUnsafe;
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
  if (const auto unmet = unmet_need(aggregation, offered)) {
    issues.push_back(
        {"/nodes/aggregator", *unmet, "choose another rule, or leave out what groups vectors"});
    return;
  }
  const auto broken = broken_condition(aggregation, vectors(fewest), scenario.unsafe, offered);
  if (!broken) return;
  const auto peers = drawn_peers(scenario);
  const std::string whose =
      peers ? fmt::format("the {} that a node draws", *peers)
            : fmt::format("those of node {}'s {}", fewest, neighbours_text(vectors(fewest) - 1));
  issues.push_back({"/nodes/aggregator", fmt::format("{}: {}, and its own", *broken, whose),
                    remedy_for_rule(scenario)});
}

}  // namespace

NodeGraph::NodeGraph(PlacedGraph placed, GossipWeights weights, std::uint64_t seed,
                     std::vector<std::int64_t> tolerated, std::int64_t identifiers)
    : placed_(std::move(placed)),
      weights_(weights),
      largest_(byzsim::largest_degree(placed_.graph)),
      seed_(seed),
      tolerated_(std::move(tolerated)),
      identifiers_(identifiers) {
  BYZ_CHECK(identifiers_ >= 1, "every node has an identifier");
  BYZ_CHECK(tolerated_.size() == placed_.graph.vertices(), "every node tolerates a number");
}

std::vector<std::uint32_t> NodeGraph::peers_at(std::uint32_t node, std::int64_t step,
                                               std::int64_t count) const {
  return drawn_of(neighbours(node), count,
                  {placed_.honest, static_cast<std::uint64_t>(identifiers_)},
                  Stream(seed_, Purpose::peers, node, static_cast<std::uint64_t>(step)));
}

void NodeGraph::find_cut() const {
  std::call_once(cut_once_, [&] {
    fiedler_ = fiedler_vector_if_any(placed_.graph, placed_.honest);
    cut_ = fiedler_cut(placed_.graph, placed_.honest, fiedler_);
  });
}

int NodeGraph::side(std::uint32_t node) const {
  find_cut();
  return cut_[node];
}

const std::vector<double>& NodeGraph::fiedler() const {
  find_cut();
  return fiedler_;
}

std::vector<double> weights_of(const NodeGraph& graph, std::uint32_t node) {
  return weights_of(graph.graph(), graph.weights(), node, graph.largest_degree());
}

bool can_combine(const Scenario& scenario, std::int64_t n, std::int64_t f) {
  Aggregation aggregation = aggregation_of(scenario.servers);
  aggregation.f = static_cast<int>(f);
  return !broken_condition(aggregation, n, scenario.unsafe, {.own = true, .losses = true});
}

std::optional<std::int64_t> drawn_peers(const Scenario& scenario) {
  if (scenario.protocol.name == "pairwise_gossip") return 1;
  if (scenario.protocol.name != "pull_gossip") return std::nullopt;
  return scenario.protocol.parameters.integer("peers");
}

bool has_graph_without_files(const Scenario& scenario) {
  return scenario.on_graph && topology_files(scenario.on_graph->topology).empty();
}

std::shared_ptr<const NodeGraph> make_node_graph(const Scenario& scenario, Issues& issues) {
  BYZ_CHECK(scenario.on_graph.has_value(), "the protocol is on a graph");
  const std::size_t before = issues.size();
  auto placed = placed_with(scenario, scenario.servers.byzantine.actual, issues);
  if (!placed) return nullptr;
  const std::int64_t tolerated = tolerated_by_all(scenario, *placed, issues);
  check_honest_part(scenario, *placed, issues);
  check_byzantine_neighbours(scenario, *placed, tolerated, issues);
  check_peers(scenario, *placed, issues);
  check_rule_on_graph(scenario, *placed, tolerated, issues);
  if (issues.size() > before) return nullptr;
  std::vector<std::int64_t> each = tolerated_by_each(scenario, *placed, tolerated);
  return std::make_shared<const NodeGraph>(std::move(*placed), scenario.on_graph->weights,
                                           scenario.seed, std::move(each),
                                           drawn_identifiers(scenario));
}

}  // namespace byzsim
