#include "core/graphs/graph.h"

#include "tests/catch.h"
#include "tests/core/graphs.h"

namespace byzsim::graph_test {

using namespace graphs;

TEST_CASE("a graph of edges has each of them in both directions, ascending") {
  const Graph graph = graph_of(4, {{2, 0}, {0, 1}, {3, 0}});
  CHECK(graph.neighbours == std::vector<std::vector<std::uint32_t>>{{1, 2, 3}, {0}, {0}, {0}});
  CHECK(edges_of(graph) == Edges{{0, 1}, {0, 2}, {0, 3}});
}

TEST_CASE("an edge that is repeated in either direction counts once") {
  CHECK(edges_of(graph_of(3, {{0, 1}, {1, 0}, {0, 1}, {1, 2}})) == Edges{{0, 1}, {1, 2}});
}

TEST_CASE("an edge from a vertex to itself, or out of the graph, is an internal error") {
  CHECK_THROWS(graph_of(3, {{1, 1}}));
  CHECK_THROWS(graph_of(3, {{1, 3}}));
}

TEST_CASE("degrees and edges of a star of five") {
  const Graph star = graph("star", 5);
  CHECK(degree_of(star, 0) == 4);
  CHECK(degree_of(star, 4) == 1);
  CHECK(largest_degree(star) == 4);
  CHECK(edge_count(star) == 4);
  CHECK(has_edge(star, 0, 3));
  CHECK_FALSE(has_edge(star, 2, 3));
}

TEST_CASE("the neighbours from the first Byzantine vertex on are counted") {
  const Graph complete = graph("complete", 5);
  CHECK(byzantine_neighbours(complete, 3, 0) == 2);
  CHECK(byzantine_neighbours(complete, 5, 0) == 0);
  CHECK(byzantine_neighbours(complete, 3, 4) == 1);  // of the Byzantine ones 3 and 4, the other
}

TEST_CASE("a component goes by the name of its lowest vertex") {
  const Graph graph = graph_of(6, {{0, 3}, {1, 4}, {4, 5}});
  CHECK(component_of(graph, 6) == std::vector<std::uint32_t>{0, 1, 2, 0, 1, 1});
}

TEST_CASE("a path through a Byzantine vertex connects no honest part") {
  const Graph ring = graph_of(5, {{0, 4}, {1, 4}, {0, 2}, {1, 3}});
  CHECK(is_connected(ring));
  CHECK_FALSE(is_connected(ring, 4));
  CHECK(component_of(ring, 4) == std::vector<std::uint32_t>{0, 1, 0, 1});
}

TEST_CASE("no vertex and one vertex are connected") {
  CHECK(is_connected(Graph{}));
  CHECK(is_connected(graph_of(1, {})));
  CHECK_FALSE(is_connected(graph_of(2, {})));
}

TEST_CASE("under other names a graph has the same edges") {
  const Graph chain = graph_of(4, {{0, 1}, {1, 2}, {2, 3}});
  const Graph renamed = relabelled(chain, {2, 0, 3, 1});  // the old 2 is now 0, ...
  CHECK(edges_of(renamed) == Edges{{0, 2}, {0, 3}, {1, 3}});
  CHECK(relabelled(chain, {0, 1, 2, 3}) == chain);
}

TEST_CASE("an order that repeats a vertex is an internal error") {
  const Graph chain = graph_of(2, {{0, 1}});
  CHECK_THROWS(relabelled(chain, {0, 0}));
  CHECK_THROWS(relabelled(chain, {0}));
}

}  // namespace byzsim::graph_test
