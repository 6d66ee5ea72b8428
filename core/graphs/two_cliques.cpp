// Two cliques of q nodes with a path of m nodes between: clique 0 ... q - 1, path q ... q + m - 1,
// clique q + m ... 2 q + m - 1. The path joins node q - 1 to node q + m.
#include <fmt/format.h>

#include "core/graphs/clique.h"
#include "core/graphs/topology.h"

namespace byzsim {
namespace {

std::optional<Issue> problem_two_cliques(const Parameters& parameters, std::int64_t nodes) {
  const std::int64_t path = parameters.integer("path");
  if (nodes >= path + 2 && (nodes - path) % 2 == 0) return std::nullopt;
  return Issue{
      "/parameters/path",
      fmt::format("{} nodes without the {} of the path are not two equal cliques", nodes, path),
      fmt::format("use {} nodes, or another length of the path",
                  nodes < path + 2 ? path + 2 : nodes + 1)};
}

double edges_of_two_cliques(const Parameters& parameters, std::int64_t nodes) {
  const std::int64_t path = parameters.integer("path");
  const auto size = static_cast<double>((nodes - path) / 2);
  return 2 * edges_of_clique(size) + static_cast<double>(path + 1);
}

Graph make_two_cliques(const TopologyInput& input) {
  const auto path = static_cast<std::uint32_t>(input.parameters.integer("path"));
  const auto size = (static_cast<std::uint32_t>(input.nodes) - path) / 2;
  std::vector<Edge> edges;
  add_clique(edges, 0, size);
  for (std::uint32_t v = size; v <= size + path; ++v) edges.emplace_back(v - 1, v);
  add_clique(edges, size + path, size);
  return graph_of(input.nodes, edges);
}

}  // namespace

namespace topologies_list {

TopologyKind two_cliques() {
  return {
      .declaration = {.name = "two_cliques",
                      .summary = "two cliques of equal size, and a path between one node of each",
                      .source = "the barbell graph; epfml/byzantine-robust-decentralized-"
                                "optimizer (He, Karimireddy, Jaggi, arXiv 2202.01545)",
                      .parameters = {integer("path", 0, 0, kMostVertices,
                                             "nodes between the cliques; 0: one edge alone "
                                             "joins them")},
                      .aliases = {"barbell"}},
      .problem = problem_two_cliques,
      .edges = edges_of_two_cliques,
      .make = make_two_cliques};
}

}  // namespace topologies_list
}  // namespace byzsim
