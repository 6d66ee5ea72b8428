#include "core/graphs/placement.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "core/exact/permutation.h"
#include "core/graphs/graph_draws.h"

namespace byzsim {
namespace {

using Vertices = std::vector<std::uint32_t>;

Vertices all_vertices(std::size_t count) {
  Vertices vertices(count);
  std::iota(vertices.begin(), vertices.end(), std::uint32_t{0});
  return vertices;
}

Vertices first_of(Vertices vertices, std::size_t count) {
  vertices.resize(count);
  return vertices;
}

Vertices choose_last(const PlacementInput& input) {
  const Vertices all = all_vertices(input.nodes.all());
  return {all.begin() + static_cast<std::ptrdiff_t>(input.nodes.honest), all.end()};
}

Vertices choose_by_degree(const PlacementInput& input) {
  Vertices order = all_vertices(input.nodes.all());
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return degree_of(input.graph, a) > degree_of(input.graph, b);
  });
  return first_of(std::move(order), input.nodes.byzantine);
}

Vertices choose_at_random(const PlacementInput& input) {
  return first_of(
      random_permutation(input.nodes.all(), graph_stream(input.seed, GraphDraw::placement, 0)),
      input.nodes.byzantine);
}

Vertices choose_listed(const PlacementInput& input) {
  const auto& listed = input.parameters.integers("nodes");
  return {listed.begin(), listed.end()};
}

std::optional<Issue> problem_of_listed(const Parameters& parameters, HonestAndByzantine nodes) {
  const std::string where = "/parameters/nodes";
  auto listed = parameters.integers("nodes");
  if (listed.size() != nodes.byzantine)
    return Issue{where,
                 fmt::format("names {} {}, but {} {} Byzantine", listed.size(),
                             listed.size() == 1 ? "node" : "nodes", nodes.byzantine,
                             nodes.byzantine == 1 ? "is" : "are"),
                 "name each Byzantine node once"};
  std::sort(listed.begin(), listed.end());
  if (const auto twice = std::adjacent_find(listed.begin(), listed.end()); twice != listed.end())
    return Issue{where, fmt::format("names node {} twice", *twice),
                 "name each Byzantine node once"};
  if (!listed.empty() && listed.back() >= static_cast<std::int64_t>(nodes.all()))
    return Issue{where,
                 fmt::format("names node {} of {}, counted from 0", listed.back(), nodes.all()),
                 fmt::format("must be in [0, {}]", nodes.all() - 1)};
  return std::nullopt;
}

std::optional<Issue> problem_per_honest(const Parameters& parameters, HonestAndByzantine nodes) {
  const auto edges = static_cast<std::size_t>(parameters.integer("edges"));
  if (nodes.byzantine > 0 && edges > nodes.byzantine)
    return Issue{"/parameters/edges",
                 fmt::format("an honest node has no {} Byzantine neighbours among {}", edges,
                             nodes.byzantine),
                 fmt::format("must be at most {} here", nodes.byzantine)};
  if (static_cast<double>(edges) * static_cast<double>(nodes.honest) <= kMostEdges)
    return std::nullopt;
  return Issue{"/parameters/edges",
               fmt::format("{} honest nodes with {} edges each to Byzantine ones have more than "
                           "{:.0f}",
                           nodes.honest, edges, kMostEdges),
               "use fewer edges or nodes"};
}

// Dealt round robin: the edges of Byzantine nodes differ in number by one at most, and the nodes of
// one honest node are different.
Graph attach_per_honest(const PlacementInput& input) {
  const auto [honest, byzantine] = input.nodes;
  const auto each = static_cast<std::size_t>(input.parameters.integer("edges"));
  Graph graph = input.graph;
  graph.neighbours.resize(input.nodes.all());
  for (std::size_t dealt = 0; byzantine > 0 && dealt < honest * each; ++dealt) {
    const std::size_t vertex = dealt / each, dealer = honest + dealt % byzantine;
    graph.neighbours[vertex].push_back(static_cast<std::uint32_t>(dealer));
    graph.neighbours[dealer].push_back(static_cast<std::uint32_t>(vertex));
  }
  for (Vertices& neighbours : graph.neighbours) std::sort(neighbours.begin(), neighbours.end());
  return graph;
}

std::vector<PlacementEntry> all_placements() {
  return {
      {.declaration = {.name = "last",
                       .summary = "the last nodes of the topology",
                       .source = "byzsim's numbering of nodes"},
       .choose = choose_last},
      {.declaration = {.name = "degree",
                       .summary = "the nodes with the most neighbours; the lowest of equal ones",
                       .source = "byzsim's own"},
       .choose = choose_by_degree},
      {.declaration = {.name = "random",
                       .summary = "nodes drawn from the seed, each set equally likely",
                       .source = "byzsim's own"},
       .choose = choose_at_random},
      {.declaration = {.name = "list",
                       .summary = "the nodes given",
                       .source = "the user",
                       .parameters = {integers(
                           "nodes", {}, 0, kMostVertices - 1,
                           "the Byzantine nodes, by their index in the topology, "
                           "in any order")}},
       .problem = problem_of_listed,
       .choose = choose_listed},
      {.declaration = {.name = "per_honest",
                       .summary = "the topology joins the honest nodes alone, and each of them has "
                                  "the same number of Byzantine neighbours, dealt in turn",
                       .source = "renaudgaucher/Byzantine-Robust-Gossip",
                       .parameters = {integer("edges", 1, 1, kMostVertices,
                                              "Byzantine neighbours of each honest node")}},
       .problem = problem_per_honest,
       .attach = attach_per_honest}};
}

// The vertices not marked in their order, then those marked.
Vertices marked_last(const std::vector<bool>& marked) {
  Vertices order = all_vertices(marked.size());
  std::stable_partition(order.begin(), order.end(), [&](std::uint32_t v) { return !marked[v]; });
  return order;
}

}  // namespace

const Table<PlacementEntry>& placements() {
  static const Table<PlacementEntry> table(all_placements());
  return table;
}

std::size_t vertices_of_topology(const Choice& placement, HonestAndByzantine nodes) {
  return placements().at(placement.name).attach != nullptr ? nodes.honest : nodes.all();
}

std::optional<Issue> placement_problem(const Choice& placement, HonestAndByzantine nodes,
                                       const std::string& where) {
  const PlacementEntry& entry = placements().at(placement.name);
  if (entry.problem == nullptr) return std::nullopt;
  std::optional<Issue> issue = entry.problem(placement.parameters, nodes);
  if (issue) issue->where = where + issue->where;
  return issue;
}

PlacedGraph place_byzantine(const Graph& graph, const Choice& placement, HonestAndByzantine nodes,
                            std::uint64_t seed) {
  BYZ_CHECK(graph.vertices() == vertices_of_topology(placement, nodes),
            "a topology has as many vertices as its placement asks for");
  const PlacementEntry& entry = placements().at(placement.name);
  const PlacementInput input{placement.parameters, graph, nodes, seed};
  if (entry.attach != nullptr)
    return {entry.attach(input), nodes.honest, all_vertices(nodes.all())};
  std::vector<bool> is_byzantine(nodes.all(), false);
  for (const std::uint32_t vertex : entry.choose(input)) is_byzantine[vertex] = true;
  Vertices order = marked_last(is_byzantine);
  Graph renamed = relabelled(graph, order);
  return {std::move(renamed), nodes.honest, std::move(order)};
}

PlacedGraph place_again(const Graph& graph, const Choice& placement, const PlacedGraph& placed,
                        std::uint64_t seed) {
  const std::size_t all = placed.graph.vertices();
  if (placements().at(placement.name).attach != nullptr)
    return place_byzantine(graph, placement, {placed.honest, all - placed.honest}, seed);
  BYZ_CHECK(graph.vertices() == all, "graphs of the same nodes have as many vertices");
  return {relabelled(graph, placed.names), placed.honest, placed.names};
}

}  // namespace byzsim
