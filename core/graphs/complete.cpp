// Each two nodes are joined.
#include "core/graphs/clique.h"
#include "core/graphs/topology.h"

namespace byzsim {
namespace {

double edges_of_complete(const Parameters&, std::int64_t nodes) {
  return edges_of_clique(static_cast<double>(nodes));
}

Graph make_complete(const TopologyInput& input) {
  std::vector<Edge> edges;
  add_clique(edges, 0, static_cast<std::uint32_t>(input.nodes));
  return graph_of(input.nodes, edges);
}

}  // namespace

namespace topologies_list {

TopologyKind complete() {
  return {.declaration = {.name = "complete",
                          .summary = "each two nodes are neighbours",
                          .source = "the complete graph",
                          .aliases = {"clique", "fully_connected"}},
          .problem = nullptr,
          .edges = edges_of_complete,
          .make = make_complete};
}

}  // namespace topologies_list
}  // namespace byzsim
