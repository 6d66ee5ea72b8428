// An undirected graph as a value: for each vertex its neighbours. Nothing here knows of time or of
// messages; who is Byzantine is known by index alone, where a function has a parameter `honest`:
// then the vertices 0 ... honest - 1 are honest and all others Byzantine (core/graphs/placement.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace byzsim {

/// Two vertices that are neighbours.
using Edge = std::pair<std::uint32_t, std::uint32_t>;

/// neighbours[v] is ascending, without v itself and without a double; if it holds w, then
/// neighbours[w] holds v.
struct Graph {
  std::vector<std::vector<std::uint32_t>> neighbours;
  std::size_t vertices() const { return neighbours.size(); }
  friend bool operator==(const Graph&, const Graph&) = default;
};

/// No graph has more of either: the edges alone take 400 MB then.
inline constexpr std::size_t kMostVertices = 1'000'000;
inline constexpr double kMostEdges = 50e6;

/// The graph of these edges, which stand in any order and direction; one that is repeated counts
/// once. No edge joins a vertex to itself or names one from `vertices` on.
Graph graph_of(std::size_t vertices, const std::vector<Edge>& edges);
/// Its edges, each with the lower vertex first, ascending.
std::vector<Edge> edges_of(const Graph& graph);

/// The number of neighbours of a vertex, the largest of all (0 without vertices), and the number of
/// edges.
std::size_t degree_of(const Graph& graph, std::size_t vertex);
std::size_t largest_degree(const Graph& graph);
std::size_t edge_count(const Graph& graph);
/// Whether two vertices are neighbours.
bool has_edge(const Graph& graph, std::size_t a, std::uint32_t b);
/// The number of neighbours from `honest` on: the Byzantine ones.
std::size_t byzantine_neighbours(const Graph& graph, std::size_t honest, std::size_t vertex);

/// For each vertex below `honest` the lowest one that it reaches by vertices below `honest` alone.
std::vector<std::uint32_t> component_of(const Graph& graph, std::size_t honest);
/// Whether the vertices below `honest` reach each other by each other alone; so do none, and one.
bool is_connected(const Graph& graph, std::size_t honest);
/// Whether all vertices reach each other.
bool is_connected(const Graph& graph);

/// The same graph under other names: vertex v of the result is order[v] of the given one. `order`
/// holds each vertex once.
Graph relabelled(const Graph& graph, const std::vector<std::uint32_t>& order);

}  // namespace byzsim
