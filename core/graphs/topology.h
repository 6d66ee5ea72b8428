// Which graph joins the nodes: one file a kind under graphs/.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/graphs/graph.h"
#include "core/input/issue.h"
#include "core/input/table.h"

namespace byzsim {

/// What a graph depends on: nothing else may decide an edge.
struct TopologyInput {
  const Parameters& parameters;
  std::size_t nodes;  ///< the vertices of the graph
  std::uint64_t seed;
  std::string where;         ///< the JSON pointer of the choice, for issues
  std::uint64_t number = 0;  ///< of the graph among those that are drawn of one choice
};

/// Draws of one graph before its kind counts as unable to connect the nodes.
inline constexpr std::uint64_t kMostGraphDraws = 100;

/// The counter of a graph's draw, from 0 on: different for graphs of different numbers.
inline std::uint64_t counter_of(const TopologyInput& input, std::uint64_t draw) {
  return input.number * kMostGraphDraws + draw;
}

/// One kind of the table. Places of issues are below the choice: "/parameters/degree", or "" for
/// the choice itself.
struct TopologyKind {
  Declaration declaration;
  /// What is wrong with the parameters for this number of nodes; null: nothing can be.
  std::optional<Issue> (*problem)(const Parameters& parameters, std::int64_t nodes);
  /// How many edges the graph has, or can be expected to have, for which memory is needed. Only for
  /// what `problem` does not refuse.
  double (*edges)(const Parameters& parameters, std::int64_t nodes);
  /// The graph, connected unless `any_edges`. Throws InputError where draws or files do not give
  /// one. Only for what `problem` does not refuse.
  Graph (*make)(const TopologyInput& input);
  /// The files that make() reads, in a fixed order; null: none.
  std::vector<std::string> (*files)(const Parameters& parameters) = nullptr;
  /// Whether the edges are the user's, so that nothing is known of them.
  bool any_edges = false;
  /// Whether edges are drawn, so that graphs of another seed or number differ.
  bool draws = false;
  /// Whether its parameter "peers" is the number of neighbours that a node draws in every step.
  bool names_peers = false;
};

/// All kinds, in the order of topologies.def.
const Table<TopologyKind>& topologies();

/// What is wrong with the choice for this number of nodes, also too many nodes or edges, at the
/// JSON pointer `where` or below it. Reads no file and draws nothing.
std::optional<Issue> topology_problem(const Choice& topology, std::size_t nodes,
                                      const std::string& where);

/// The graph of the choice: a pure function of choice, nodes, seed, number and the files it names.
/// Throws InputError for what topology_problem() reports, for draws that do not connect the nodes,
/// and for faulty files.
Graph make_graph(const Choice& topology, std::size_t nodes, std::uint64_t seed,
                 const std::string& where, std::uint64_t number = 0);

/// The files that make_graph() reads, in a fixed order.
std::vector<std::string> topology_files(const Choice& topology);

}  // namespace byzsim
