// Two cliques of k = n / 2 nodes and all edges between them, but for those from i to i + k: each
// node is joined to all others but one.
#include "core/graphs/clique.h"
#include "core/graphs/topology.h"

namespace byzsim {
namespace {

std::optional<Issue> problem_two_castles(const Parameters&, std::int64_t nodes) {
  return uneven_halves("two_castles", nodes, 4);
}

double edges_of_two_castles(const Parameters&, std::int64_t nodes) {
  return edges_of_clique(static_cast<double>(nodes)) - static_cast<double>(nodes / 2);
}

Graph make_two_castles(const TopologyInput& input) {
  const auto half = static_cast<std::uint32_t>(input.nodes / 2);
  std::vector<Edge> edges;
  for (std::uint32_t v = 0; v < 2 * half; ++v)
    for (std::uint32_t w = v + 1; w < 2 * half; ++w)
      if (w != v + half) edges.emplace_back(v, w);
  return graph_of(input.nodes, edges);
}

}  // namespace

namespace topologies_list {

TopologyKind two_castles() {
  return {
      .declaration = {.name = "two_castles",
                      .summary = "two cliques of equal size and all edges between them but those "
                                 "from a node to its counterpart in the other clique",
                      .source = "Zhaoxian-Wu/IOS: two castles"},
      .problem = problem_two_castles,
      .edges = edges_of_two_castles,
      .make = make_two_castles};
}

}  // namespace topologies_list
}  // namespace byzsim
