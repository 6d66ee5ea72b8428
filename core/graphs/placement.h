// Which vertices of a graph are Byzantine. Everywhere else the Byzantine nodes are the last ones,
// so the placement renames the vertices.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/graphs/graph.h"
#include "core/input/issue.h"
#include "core/input/table.h"

namespace byzsim {

/// A graph whose vertices 0 ... honest - 1 are honest and all others Byzantine, both in the order
/// of the vertices that they were.
struct PlacedGraph {
  Graph graph;
  std::size_t honest = 0;
  std::vector<std::uint32_t> names;  ///< of each vertex: which of the topology's it was
};

/// How many there are.
struct HonestAndByzantine {
  std::size_t honest;
  std::size_t byzantine;
  std::size_t all() const { return honest + byzantine; }
};

/// What a placement depends on.
struct PlacementInput {
  const Parameters& parameters;
  const Graph& graph;
  HonestAndByzantine nodes;
  std::uint64_t seed;
};

/// One placement of the table. Either the topology joins all nodes and `choose` names the Byzantine
/// ones, in any order, or it joins the honest nodes and `attach` adds the Byzantine ones; the other
/// of the two is null.
struct PlacementEntry {
  Declaration declaration;
  std::optional<Issue> (*problem)(const Parameters& parameters, HonestAndByzantine nodes) = nullptr;
  std::vector<std::uint32_t> (*choose)(const PlacementInput& input) = nullptr;
  Graph (*attach)(const PlacementInput& input) = nullptr;
};

/// last, degree, random, list, per_honest.
const Table<PlacementEntry>& placements();

/// The number of vertices that the topology has to have: all nodes, or the honest ones alone.
std::size_t vertices_of_topology(const Choice& placement, HonestAndByzantine nodes);

/// What is wrong with the choice for these numbers, at the JSON pointer `where` or below it.
std::optional<Issue> placement_problem(const Choice& placement, HonestAndByzantine nodes,
                                       const std::string& where);

/// The graph, of vertices_of_topology() vertices, with its Byzantine vertices placed. A pure
/// function of the arguments; placement_problem() reports nothing.
PlacedGraph place_byzantine(const Graph& graph, const Choice& placement, HonestAndByzantine nodes,
                            std::uint64_t seed);

/// Another graph of the same nodes: what was a vertex of `placed` before it was placed has the same
/// name again, so that the Byzantine ones are those that were chosen there. Nodes that a placement
/// attaches are attached to the new graph.
PlacedGraph place_again(const Graph& graph, const Choice& placement, const PlacedGraph& placed,
                        std::uint64_t seed);

}  // namespace byzsim
