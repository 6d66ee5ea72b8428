// No fixed edges: in every step a node draws the others that it asks, so that each of the n - 1
// others may be a neighbour. The protocol draws them (pull_gossip); the graph of all that may be
// asked is complete.
#include <fmt/format.h>

#include "core/graphs/clique.h"
#include "core/graphs/topology.h"

namespace byzsim {
namespace {

std::optional<Issue> problem_random_out(const Parameters& parameters, std::int64_t nodes) {
  const std::int64_t peers = parameters.integer("peers");
  if (peers < nodes) return std::nullopt;
  return Issue{"/parameters/peers",
               fmt::format("each of {} nodes has {} others, not {}", nodes, nodes - 1, peers),
               "draw fewer or use more nodes"};
}

double edges_of_random_out(const Parameters&, std::int64_t nodes) {
  return edges_of_clique(static_cast<double>(nodes));
}

Graph make_random_out(const TopologyInput& input) {
  std::vector<Edge> edges;
  add_clique(edges, 0, static_cast<std::uint32_t>(input.nodes));
  return graph_of(input.nodes, edges);
}

}  // namespace

namespace topologies_list {

TopologyKind random_out() {
  return {.declaration = {.name = "random_out",
                          .summary = "in every step each node draws others, which it asks for "
                                     "their models; for the protocol pull_gossip",
                          .source = "RPEL (arXiv 2510.08311)",
                          .parameters = {integer("peers", 5, 1, kMostVertices,
                                                 "s: others that a node draws in every step, "
                                                 "without replacement")}},
          .problem = problem_random_out,
          .edges = edges_of_random_out,
          .make = make_random_out,
          .names_peers = true};
}

}  // namespace topologies_list
}  // namespace byzsim
