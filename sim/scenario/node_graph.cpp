#include "sim/scenario/node_graph.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/check.h"
#include "core/exact/random.h"
#include "core/graphs/fiedler_cut.h"
#include "core/graphs/topology.h"
#include "core/pre_aggregators/aggregation.h"
#include "sim/scenario/scenario.h"

namespace byzsim {
namespace {

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

NodeGraphs::NodeGraphs(std::vector<GraphFrom> all) : all_(std::move(all)) {
  BYZ_CHECK(!all_.empty() && all_.front().step == 0, "a run has a graph from its beginning on");
  BYZ_CHECK(std::is_sorted(all_.begin(), all_.end(),
                           [](const auto& a, const auto& b) { return a.step < b.step; }),
            "graphs are in the order of their steps");
}

const GraphFrom& NodeGraphs::from(std::int64_t step) const {
  const auto later = std::upper_bound(
      all_.begin() + 1, all_.end(), step,
      [](std::int64_t wanted, const GraphFrom& each) { return wanted < each.step; });
  return *std::prev(later);
}

std::int64_t exchanged_in(Phase phase, std::int64_t tag) {
  return phase == Phase::model ? tag : tag - 1;
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
  const Choice& topology = scenario.on_graph->topology;
  const bool named = topologies().at(topology.name).names_peers;
  return (named ? topology : scenario.protocol).parameters.integer("peers");
}

std::int64_t drawn_identifiers(const Scenario& scenario) {
  if (scenario.protocol.name != "pull_gossip") return 1;
  return scenario.protocol.parameters.integer("identifiers");
}

bool has_graph_without_files(const Scenario& scenario) {
  if (!scenario.on_graph) return false;
  const auto& changes = scenario.on_graph->changes;
  return topology_files(scenario.on_graph->topology).empty() &&
         std::all_of(changes.begin(), changes.end(), [](const TopologyChange& each) {
           return topology_files(each.topology).empty();
         });
}

}  // namespace byzsim
