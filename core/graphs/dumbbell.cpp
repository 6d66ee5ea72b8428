// Two cliques of q nodes, 0 ... q - 1 and q ... 2 q - 1, and a bridge from node 0 to node 2 q - 1.
// Each end of the bridge has leaves, which are the last nodes, first those of node 0: Byzantine
// ones by the placement `last`. Further edges between the cliques are drawn.
#include <fmt/format.h>

#include <set>

#include "core/graphs/clique.h"
#include "core/graphs/graph_draws.h"
#include "core/graphs/topology.h"

namespace byzsim {
namespace {

std::int64_t size_of_dumbbell(const Parameters& parameters, std::int64_t nodes) {
  return nodes / 2 - parameters.integer("leaves");
}

std::optional<Issue> problem_dumbbell(const Parameters& parameters, std::int64_t nodes) {
  const std::int64_t leaves = parameters.integer("leaves"), cross = parameters.integer("cross");
  if (auto issue = uneven_halves("dumbbell", nodes, 2 * (leaves + 1))) return issue;
  const std::int64_t size = size_of_dumbbell(parameters, nodes);
  // The bridge is one of all pairs.
  if (cross <= size * size - 1) return std::nullopt;
  return Issue{"/parameters/cross",
               fmt::format("two cliques of {} have {} pairs besides the bridge, fewer than {}",
                           size, size * size - 1, cross),
               fmt::format("must be at most {} here", size * size - 1)};
}

double edges_of_dumbbell(const Parameters& parameters, std::int64_t nodes) {
  const auto size = static_cast<double>(size_of_dumbbell(parameters, nodes));
  return 2 * edges_of_clique(size) + 1 + static_cast<double>(parameters.integer("cross")) +
         2 * static_cast<double>(parameters.integer("leaves"));
}

// `count` different numbers below `bound`, all sets equally likely (Floyd's algorithm: Bentley and
// Floyd, Communications of the ACM 30(9), 1987).
std::set<std::uint64_t> draw_different(std::uint64_t count, std::uint64_t bound, Stream stream) {
  std::set<std::uint64_t> drawn;
  for (std::uint64_t top = bound - count; top < bound; ++top)
    if (!drawn.insert(stream.below(top + 1)).second) drawn.insert(top);
  return drawn;
}

void add_cross_edges(std::vector<Edge>& edges, std::uint64_t size, std::uint64_t count,
                     Stream stream) {
  const std::uint64_t bridge = size - 1;  // the number of the pair (0, 2 size - 1)
  for (const std::uint64_t drawn : draw_different(count, size * size - 1, stream)) {
    const std::uint64_t pair = drawn < bridge ? drawn : drawn + 1;
    edges.emplace_back(pair / size, size + pair % size);
  }
}

Graph make_dumbbell(const TopologyInput& input) {
  const auto leaves = static_cast<std::uint32_t>(input.parameters.integer("leaves"));
  const auto size = static_cast<std::uint32_t>(input.nodes / 2) - leaves;
  std::vector<Edge> edges = {{0, 2 * size - 1}};
  add_clique(edges, 0, size);
  add_clique(edges, size, size);
  for (std::uint32_t leaf = 2 * size; leaf < 2 * size + leaves; ++leaf) {
    edges.emplace_back(0, leaf);
    edges.emplace_back(2 * size - 1, leaf + leaves);
  }
  add_cross_edges(edges, size, static_cast<std::uint64_t>(input.parameters.integer("cross")),
                  graph_stream(input.seed, GraphDraw::edges, counter_of(input, 0)));
  return graph_of(input.nodes, edges);
}

}  // namespace

namespace topologies_list {

TopologyKind dumbbell() {
  return {
      .declaration =
          {.name = "dumbbell",
           .summary = "two cliques joined by a bridge, both of whose ends have leaves, the last "
                      "nodes, which the placement last makes Byzantine",
           .source = "epfml/byzantine-robust-decentralized-optimizer (He, Karimireddy, Jaggi, "
                     "arXiv 2202.01545)",
           .parameters = {integer("leaves", 1, 0, kMostVertices / 2,
                                  "leaves at each of the two ends of the bridge"),
                          integer("cross", 0, 0, kMostEdges,
                                  "random edges between the cliques, besides the bridge")}},
      .problem = problem_dumbbell,
      .edges = edges_of_dumbbell,
      .make = make_dumbbell,
      .draws = true};
}

}  // namespace topologies_list
}  // namespace byzsim
