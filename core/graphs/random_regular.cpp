// A random graph in which each node has the same degree d. The n d ends of edges are paired at
// random (Bollobas, European Journal of Combinatorics 1(4), 1980); a pair that joins a node to
// itself, or two nodes for the second time, changes partners with a random other pair until neither
// is so. A draw that is not connected, or where no change helps, is made again: the k-th has the
// streams of the counter k. All pairings are equally likely, the graphs nearly.
//
// Degree 2 is a cycle through all nodes in random order. Above (n - 1) / 2 the nodes that are not
// neighbours are drawn, as they are fewer.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/exact/permutation.h"
#include "core/graphs/graph_draws.h"
#include "core/graphs/topology.h"

namespace byzsim {
namespace {

// Edges on their way to a simple graph: `ends` holds for each node the other end of each of its
// edges, a node's own name twice for an edge from it to itself.
struct Pairing {
  std::vector<Edge> edges;
  std::vector<std::vector<std::uint32_t>> ends;

  auto count(std::uint32_t a, std::uint32_t b) const {
    return std::count(ends[a].begin(), ends[a].end(), b);
  }
  bool is_simple(const Edge& edge) const {
    return edge.first != edge.second && count(edge.first, edge.second) == 1;
  }
  void replace(std::uint32_t of, std::uint32_t old_end, std::uint32_t new_end) {
    *std::find(ends[of].begin(), ends[of].end(), old_end) = new_end;
  }
};

Pairing draw_pairing(std::size_t nodes, std::size_t degree, Stream stream) {
  std::vector<std::uint32_t> order;
  for (std::uint32_t v = 0; v < nodes; ++v) order.insert(order.end(), degree, v);
  shuffle(order, stream);
  Pairing pairing{{}, std::vector<std::vector<std::uint32_t>>(nodes)};
  for (std::size_t i = 0; i < order.size(); i += 2) {
    const std::uint32_t a = order[i], b = order[i + 1];
    pairing.edges.emplace_back(a, b);
    pairing.ends[a].push_back(b);
    pairing.ends[b].push_back(a);
  }
  return pairing;
}

// Makes a-b and c-d to a-c and b-d, if these are new edges between different nodes.
void switch_if_simple(Pairing& pairing, Edge& first, Edge& second) {
  const auto [a, b] = first;
  const auto [c, d] = second;
  if (a == c || b == d || (a == b && c == d)) return;
  if (pairing.count(a, c) > 0 || pairing.count(b, d) > 0) return;
  pairing.replace(a, b, c);
  pairing.replace(b, a, d);
  pairing.replace(c, d, a);
  pairing.replace(d, c, b);
  first = {a, c};
  second = {b, d};
}

// Whether all edges could be made simple.
bool repair(Pairing& pairing, Stream stream) {
  // A dense graph takes a few tries an edge; where there is no way, this is the end.
  std::size_t tries_left = 100 * pairing.edges.size();
  for (std::size_t i = 0; i < pairing.edges.size(); ++i)
    while (!pairing.is_simple(pairing.edges[i])) {
      if (tries_left-- == 0) return false;
      Edge& other = pairing.edges[stream.below(pairing.edges.size())];
      if (stream.below(2) == 1) std::swap(other.first, other.second);
      if (&other != &pairing.edges[i]) switch_if_simple(pairing, pairing.edges[i], other);
    }
  return true;
}

// A graph without regard to whether it is connected, or nothing.
std::optional<Graph> draw_regular(std::size_t nodes, std::size_t degree, std::uint64_t seed,
                                  std::uint64_t draw) {
  Pairing pairing = draw_pairing(nodes, degree, graph_stream(seed, GraphDraw::edges, draw));
  if (!repair(pairing, graph_stream(seed, GraphDraw::switches, draw))) return std::nullopt;
  return graph_of(nodes, pairing.edges);
}

Graph random_cycle(std::size_t nodes, Stream stream) {
  const std::vector<std::uint32_t> order = random_permutation(nodes, stream);
  std::vector<Edge> edges;
  for (std::size_t i = 0; i < nodes; ++i) edges.emplace_back(order[i], order[(i + 1) % nodes]);
  return graph_of(nodes, edges);
}

Graph complement_of(const Graph& graph) {
  Graph complement{std::vector<std::vector<std::uint32_t>>(graph.vertices())};
  for (std::uint32_t v = 0; v < graph.vertices(); ++v)
    for (std::uint32_t w = 0; w < graph.vertices(); ++w)
      if (v != w && !has_edge(graph, v, w)) complement.neighbours[v].push_back(w);
  return complement;
}

std::optional<Graph> draw_regular_of_either_kind(const TopologyInput& input, std::size_t degree,
                                                 std::uint64_t draw) {
  const std::size_t others = input.nodes - 1 - degree;
  if (degree <= others) return draw_regular(input.nodes, degree, input.seed, draw);
  const std::optional<Graph> graph = draw_regular(input.nodes, others, input.seed, draw);
  if (!graph) return std::nullopt;
  return complement_of(*graph);
}

std::optional<Issue> problem_random_regular(const Parameters& parameters, std::int64_t nodes) {
  const std::int64_t degree = parameters.integer("degree");
  const std::string where = "/parameters/degree";
  if (degree >= nodes)
    return Issue{
        where,
        fmt::format("each of {} nodes has at most {} neighbours, not {}", nodes, nodes - 1, degree),
        "choose a smaller degree or more nodes"};
  if (degree * nodes % 2 != 0)
    return Issue{
        where,
        fmt::format("{} nodes cannot have {} neighbours each: an edge has two ends, and {} "
                    "is odd",
                    nodes, degree, degree * nodes),
        "choose an even degree or an even number of nodes"};
  if (degree == 1 && nodes > 2)
    return Issue{where, fmt::format("{} nodes with one neighbour each are not connected", nodes),
                 "must be at least 2 here"};
  return std::nullopt;
}

double edges_of_random_regular(const Parameters& parameters, std::int64_t nodes) {
  return static_cast<double>(parameters.integer("degree")) * static_cast<double>(nodes) / 2;
}

Graph make_random_regular(const TopologyInput& input) {
  const auto degree = static_cast<std::size_t>(input.parameters.integer("degree"));
  if (degree == 2)
    return random_cycle(input.nodes,
                        graph_stream(input.seed, GraphDraw::edges, counter_of(input, 0)));
  for (std::uint64_t draw = 0; draw < kMostGraphDraws; ++draw) {
    std::optional<Graph> graph =
        draw_regular_of_either_kind(input, degree, counter_of(input, draw));
    if (graph && is_connected(*graph)) return *std::move(graph);
  }
  throw InputError({input.where + "/parameters/degree",
                    fmt::format("none of {} draws of {} nodes with {} neighbours each is connected",
                                kMostGraphDraws, input.nodes, degree),
                    "choose a larger degree or another seed"});
}

}  // namespace

namespace topologies_list {

TopologyKind random_regular() {
  return {.declaration = {.name = "random_regular",
                          .summary = "a random connected graph in which each node has the same "
                                     "number of neighbours",
                          .source = "Bollobas, European Journal of Combinatorics 1(4), 1980: the "
                                    "pairing model, here repaired by switches",
                          .parameters = {integer("degree", 4, 1, kMostVertices,
                                                 "neighbours of each node")}},
          .problem = problem_random_regular,
          .edges = edges_of_random_regular,
          .make = make_random_regular,
          .draws = true};
}

}  // namespace topologies_list
}  // namespace byzsim
