// The graphs on which the nodes of a decentralised protocol exchange models: a pure function of the
// scenario and of the files of edges that it may name.
//
// One graph holds from its step until the next one's. What is exchanged in a step goes along the
// edges of that step's graph, in the sender's and in the receiver's count of steps.
//
// Invariant: vertex i is node i in every graph, so that the Byzantine nodes are the last ones, as
// everywhere. Which vertices of the topology these are is chosen on the first graph.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "core/graphs/placement.h"
#include "core/graphs/weights.h"
#include "core/input/issue.h"
#include "sim/world/message.h"

namespace byzsim {

struct Scenario;

/// Who exchanges models with whom, with which weights, and how many Byzantine neighbours each node
/// assumes.
class NodeGraph {
 public:
  /// `tolerated` holds a number for each vertex; `identifiers`: of a Byzantine node, among those
  /// that peers are drawn from, where an honest one has one; at least 1.
  NodeGraph(PlacedGraph placed, GossipWeights weights, std::uint64_t seed,
            std::vector<std::int64_t> tolerated, std::int64_t identifiers = 1);

  const PlacedGraph& placed() const { return placed_; }
  const Graph& graph() const { return placed_.graph; }
  /// The neighbours of a node, ascending.
  const std::vector<std::uint32_t>& neighbours(std::uint32_t node) const {
    return placed_.graph.neighbours[node];
  }
  bool joined(std::uint32_t a, std::uint32_t b) const { return has_edge(placed_.graph, a, b); }
  /// How many of a node's neighbours its rule assumes to be Byzantine (b).
  std::int64_t tolerated(std::uint32_t node) const { return tolerated_[node]; }
  /// Those of its neighbours that a node asks at a step, ascending: `count` of them, or all where
  /// it has no more, drawn without replacement. Each draw takes one of the identifiers of the
  /// neighbours that are left.
  std::vector<std::uint32_t> peers_at(std::uint32_t node, std::int64_t step,
                                      std::int64_t count) const;
  /// The side of the Fiedler cut that a node is on, 0 or 1; found when it is first asked for.
  int side(std::uint32_t node) const;
  /// The Fiedler vector of the honest nodes, by node, of norm 1 (core/graphs/fiedler_cut.h); empty
  /// where they are not connected, or one. Found when it or the cut is first asked for.
  const std::vector<double>& fiedler() const;
  GossipWeights weights() const { return weights_; }
  std::size_t largest_degree() const { return largest_; }

 private:
  void find_cut() const;

  PlacedGraph placed_;
  GossipWeights weights_;
  std::size_t largest_;
  std::uint64_t seed_;
  std::vector<std::int64_t> tolerated_;
  std::int64_t identifiers_;
  mutable std::once_flag cut_once_;
  mutable std::vector<double> fiedler_;
  mutable std::vector<std::uint8_t> cut_;
};

/// A graph, and the first step in which nodes use it.
struct GraphFrom {
  std::int64_t step;
  std::shared_ptr<const NodeGraph> graph;
};

/// The graphs of a run, in the order of their steps; the first is from step 0 on.
class NodeGraphs {
 public:
  explicit NodeGraphs(std::vector<GraphFrom> all);

  /// Whose edges nodes use in a step; of any step, the first graph's before step 0.
  const NodeGraph& at(std::int64_t step) const { return *from(step).graph; }
  /// The same with the first step in which it is used.
  const GraphFrom& from(std::int64_t step) const;
  const NodeGraph& first() const { return *all_.front().graph; }
  const std::vector<GraphFrom>& all() const { return all_; }

 private:
  std::vector<GraphFrom> all_;
};

/// The step in which nodes on a graph exchange what has this tag: a model before its step has that
/// of the step, a half-step or a request that of the step whose model it makes.
std::int64_t exchanged_in(Phase phase, std::int64_t tag);

/// A node's own weight, then those of its neighbours in their order.
std::vector<double> weights_of(const NodeGraph& graph, std::uint32_t node);

/// Whether the condition of the nodes' rule holds for n vectors, f of them Byzantine; where the
/// scenario is unsafe, whether the rule can be computed of them.
bool can_combine(const Scenario& scenario, std::int64_t n, std::int64_t f);

/// How many neighbours a node asks in every step, where the protocol draws them: by its parameter,
/// or by the topology's where that names them.
std::optional<std::int64_t> drawn_peers(const Scenario& scenario);

/// How many identifiers a Byzantine node has among those that peers are drawn from.
std::int64_t drawn_identifiers(const Scenario& scenario);

/// Whether the graph follows from the scenario alone, without a file.
bool has_graph_without_files(const Scenario& scenario);

/// Makes the graphs of a scenario whose protocol is on one, and adds an issue for every choice that
/// gives none and every condition that does not hold: an honest part that is not connected, a node
/// with more Byzantine neighbours than it tolerates or fewer neighbours than its rule needs. The
/// conditions are those of every graph of the run; an issue is about the first that breaks one, and
/// names its step where there are several. Null then. Throws InputError for draws that do not
/// connect the nodes, and for faulty files.
std::shared_ptr<const NodeGraphs> make_node_graphs(const Scenario& scenario, Issues& issues);

}  // namespace byzsim
