// Nodes in a line.
#include "core/graphs/topology.h"

namespace byzsim {
namespace {

double edges_of_chain(const Parameters&, std::int64_t nodes) {
  return static_cast<double>(nodes - 1);
}

Graph make_chain(const TopologyInput& input) {
  std::vector<Edge> edges;
  for (std::size_t v = 1; v < input.nodes; ++v) edges.emplace_back(v - 1, v);
  return graph_of(input.nodes, edges);
}

}  // namespace

namespace topologies_list {

TopologyKind chain() {
  return {.declaration = {.name = "chain",
                          .summary = "nodes in a line, each joined to the one before and after it",
                          .source = "the path graph",
                          .aliases = {"line"}},
          .problem = nullptr,
          .edges = edges_of_chain,
          .make = make_chain};
}

}  // namespace topologies_list
}  // namespace byzsim
