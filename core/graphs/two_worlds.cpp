// Two cliques of h = n / 2 nodes; node i of the first is joined to the nodes (i + m) mod h of the
// second, m < links.
#include <fmt/format.h>

#include "core/graphs/clique.h"
#include "core/graphs/topology.h"

namespace byzsim {
namespace {

std::optional<Issue> problem_two_worlds(const Parameters& parameters, std::int64_t nodes) {
  if (auto issue = uneven_halves("two_worlds", nodes, 2)) return issue;
  const std::int64_t links = parameters.integer("links");
  if (links <= nodes / 2) return std::nullopt;
  return Issue{"/parameters/links",
               fmt::format("a world of {} nodes has no {} nodes to be joined to", nodes / 2, links),
               fmt::format("must be at most {} here", nodes / 2)};
}

double edges_of_two_worlds(const Parameters& parameters, std::int64_t nodes) {
  const auto half = static_cast<double>(nodes / 2);
  return 2 * edges_of_clique(half) + half * static_cast<double>(parameters.integer("links"));
}

Graph make_two_worlds(const TopologyInput& input) {
  const auto half = static_cast<std::uint32_t>(input.nodes / 2);
  const auto links = static_cast<std::uint32_t>(input.parameters.integer("links"));
  std::vector<Edge> edges;
  add_clique(edges, 0, half);
  add_clique(edges, half, half);
  for (std::uint32_t v = 0; v < half; ++v)
    for (std::uint32_t m = 0; m < links; ++m) edges.emplace_back(v, half + (v + m) % half);
  return graph_of(input.nodes, edges);
}

}  // namespace

namespace topologies_list {

TopologyKind two_worlds() {
  return {
      .declaration = {.name = "two_worlds",
                      .summary = "two cliques of equal size; each node is joined to a number of "
                                 "nodes of the other clique",
                      .source = "renaudgaucher/Byzantine-Robust-Gossip: two worlds",
                      .parameters = {integer("links", 1, 1, kMostVertices / 2,
                                             "neighbours of a node in the other clique")}},
      .problem = problem_two_worlds,
      .edges = edges_of_two_worlds,
      .make = make_two_worlds};
}

}  // namespace topologies_list
}  // namespace byzsim
