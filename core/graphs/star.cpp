// One centre, joined to all others.
#include "core/graphs/topology.h"

namespace byzsim {
namespace {

double edges_of_star(const Parameters&, std::int64_t nodes) {
  return static_cast<double>(nodes - 1);
}

Graph make_star(const TopologyInput& input) {
  std::vector<Edge> edges;
  for (std::size_t v = 1; v < input.nodes; ++v) edges.emplace_back(0, v);
  return graph_of(input.nodes, edges);
}

}  // namespace

namespace topologies_list {

TopologyKind star() {
  return {
      .declaration = {.name = "star",
                      .summary = "node 0 is joined to all others, which have no other neighbour",
                      .source = "the star graph"},
      .problem = nullptr,
      .edges = edges_of_star,
      .make = make_star};
}

}  // namespace topologies_list
}  // namespace byzsim
