// Nodes in a circle, each joined to the nearest k on each side.
#include <fmt/format.h>

#include "core/graphs/topology.h"

namespace byzsim {
namespace {

std::optional<Issue> problem_ring(const Parameters& parameters, std::int64_t nodes) {
  const std::int64_t each_side = parameters.integer("neighbours");
  if (nodes >= 2 * each_side + 1) return std::nullopt;
  return Issue{"/parameters/neighbours",
               fmt::format("a ring with {} on each side needs {} nodes or more, not {}", each_side,
                           2 * each_side + 1, nodes),
               each_side == 1 ? "use more nodes" : "use more nodes or fewer neighbours"};
}

double edges_of_ring(const Parameters& parameters, std::int64_t nodes) {
  return static_cast<double>(nodes) * static_cast<double>(parameters.integer("neighbours"));
}

Graph make_ring(const TopologyInput& input) {
  const auto each_side = static_cast<std::size_t>(input.parameters.integer("neighbours"));
  std::vector<Edge> edges;
  for (std::size_t v = 0; v < input.nodes; ++v)
    for (std::size_t step = 1; step <= each_side; ++step)
      edges.emplace_back(v, (v + step) % input.nodes);
  return graph_of(input.nodes, edges);
}

}  // namespace

namespace topologies_list {

TopologyKind ring() {
  return {.declaration = {.name = "ring",
                          .summary = "nodes in a circle, each joined to the nearest on both sides",
                          .source = "the circulant graph of the steps 1 to neighbours",
                          .parameters = {integer("neighbours", 1, 1, kMostVertices,
                                                 "neighbours of a node on each of its two sides")},
                          .aliases = {"cycle", "circulant"}},
          .problem = problem_ring,
          .edges = edges_of_ring,
          .make = make_ring};
}

}  // namespace topologies_list
}  // namespace byzsim
