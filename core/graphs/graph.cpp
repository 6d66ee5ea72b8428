#include "core/graphs/graph.h"

#include <algorithm>
#include <numeric>

#include "core/check.h"

namespace byzsim {
namespace {

void sort_without_doubles(std::vector<std::uint32_t>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

// Gives `name` to all that `start` reaches below `honest`.
void name_component(const Graph& graph, std::size_t honest, std::uint32_t start,
                    std::vector<std::uint32_t>& names) {
  const auto unnamed = static_cast<std::uint32_t>(honest);
  std::vector<std::uint32_t> reached = {start};
  names[start] = start;
  while (!reached.empty()) {
    const std::uint32_t vertex = reached.back();
    reached.pop_back();
    for (const std::uint32_t next : graph.neighbours[vertex])
      if (next < honest && names[next] == unnamed) {
        names[next] = start;
        reached.push_back(next);
      }
  }
}

}  // namespace

Graph graph_of(std::size_t vertices, const std::vector<Edge>& edges) {
  BYZ_CHECK(vertices <= kMostVertices, "a graph has at most a million vertices");
  std::vector<std::uint32_t> degrees(vertices, 0);
  for (const auto& [a, b] : edges) {
    BYZ_CHECK(a < vertices && b < vertices && a != b, "an edge joins two vertices of the graph");
    ++degrees[a];
    ++degrees[b];
  }
  Graph graph{std::vector<std::vector<std::uint32_t>>(vertices)};
  for (std::size_t v = 0; v < vertices; ++v) graph.neighbours[v].reserve(degrees[v]);
  for (const auto& [a, b] : edges) {
    graph.neighbours[a].push_back(b);
    graph.neighbours[b].push_back(a);
  }
  for (auto& neighbours : graph.neighbours) sort_without_doubles(neighbours);
  return graph;
}

std::vector<Edge> edges_of(const Graph& graph) {
  std::vector<Edge> edges;
  edges.reserve(edge_count(graph));
  for (std::uint32_t v = 0; v < graph.vertices(); ++v)
    for (const std::uint32_t w : graph.neighbours[v])
      if (v < w) edges.emplace_back(v, w);
  return edges;
}

std::size_t degree_of(const Graph& graph, std::size_t vertex) {
  return graph.neighbours[vertex].size();
}

std::size_t largest_degree(const Graph& graph) {
  std::size_t largest = 0;
  for (const auto& neighbours : graph.neighbours) largest = std::max(largest, neighbours.size());
  return largest;
}

std::size_t edge_count(const Graph& graph) {
  std::size_t ends = 0;
  for (const auto& neighbours : graph.neighbours) ends += neighbours.size();
  return ends / 2;
}

bool has_edge(const Graph& graph, std::size_t a, std::uint32_t b) {
  return std::binary_search(graph.neighbours[a].begin(), graph.neighbours[a].end(), b);
}

std::size_t byzantine_neighbours(const Graph& graph, std::size_t honest, std::size_t vertex) {
  const auto& neighbours = graph.neighbours[vertex];
  return static_cast<std::size_t>(neighbours.end() -
                                  std::lower_bound(neighbours.begin(), neighbours.end(), honest));
}

std::vector<std::uint32_t> component_of(const Graph& graph, std::size_t honest) {
  BYZ_CHECK(honest <= graph.vertices(), "the honest vertices are some of the graph's");
  const auto unnamed = static_cast<std::uint32_t>(honest);
  std::vector<std::uint32_t> names(honest, unnamed);
  for (std::uint32_t v = 0; v < honest; ++v)
    if (names[v] == unnamed) name_component(graph, honest, v, names);
  return names;
}

bool is_connected(const Graph& graph, std::size_t honest) {
  const std::vector<std::uint32_t> names = component_of(graph, honest);
  return std::all_of(names.begin(), names.end(), [](std::uint32_t name) { return name == 0; });
}

bool is_connected(const Graph& graph) { return is_connected(graph, graph.vertices()); }

Graph relabelled(const Graph& graph, const std::vector<std::uint32_t>& order) {
  const auto vertices = static_cast<std::uint32_t>(graph.vertices());
  BYZ_CHECK(order.size() == vertices, "an order holds each vertex once");
  std::vector<std::uint32_t> place(vertices, vertices);
  for (std::uint32_t v = 0; v < vertices; ++v) {
    BYZ_CHECK(order[v] < vertices && place[order[v]] == vertices,
              "an order holds each vertex once");
    place[order[v]] = v;
  }
  Graph result{std::vector<std::vector<std::uint32_t>>(vertices)};
  for (std::uint32_t v = 0; v < vertices; ++v) {
    for (const std::uint32_t w : graph.neighbours[order[v]])
      result.neighbours[v].push_back(place[w]);
    std::sort(result.neighbours[v].begin(), result.neighbours[v].end());
  }
  return result;
}

}  // namespace byzsim
