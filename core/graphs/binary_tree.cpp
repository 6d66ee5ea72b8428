// Node v is joined to 2 v + 1 and 2 v + 2.
#include "core/graphs/topology.h"

namespace byzsim {
namespace {

double edges_of_binary_tree(const Parameters&, std::int64_t nodes) {
  return static_cast<double>(nodes - 1);
}

Graph make_binary_tree(const TopologyInput& input) {
  std::vector<Edge> edges;
  for (std::size_t v = 1; v < input.nodes; ++v) edges.emplace_back((v - 1) / 2, v);
  return graph_of(input.nodes, edges);
}

}  // namespace

namespace topologies_list {

TopologyKind binary_tree() {
  return {
      .declaration = {.name = "binary_tree",
                      .summary = "node v is joined to nodes 2v + 1 and 2v + 2, where they exist",
                      .source = "the complete binary tree, its levels filled from the left"},
      .problem = nullptr,
      .edges = edges_of_binary_tree,
      .make = make_binary_tree};
}

}  // namespace topologies_list
}  // namespace byzsim
