#include "core/graphs/placement.h"

#include <set>

#include "tests/catch.h"
#include "tests/core/graphs.h"

namespace byzsim::placement_test {
namespace {

using namespace graphs;
using Names = std::vector<std::uint32_t>;

PlacedGraph placed(const Graph& graph, const std::string& name, std::size_t byzantine,
                   const Settings& settings = {}, std::uint64_t seed = 1) {
  return place_byzantine(graph, placement(name, settings),
                         {graph.vertices() - byzantine, byzantine}, seed);
}

/// Each honest node of the graph has that number of edges to Byzantine ones.
PlacedGraph surrounded(const Graph& graph, std::size_t byzantine, std::int64_t edges) {
  return place_byzantine(graph, placement("per_honest", {{"edges", edges}}),
                         {graph.vertices(), byzantine}, 1);
}

std::string refusal(const std::string& name, HonestAndByzantine nodes, const Settings& settings) {
  const auto issue = placement_problem(placement(name, settings), nodes, "/placement");
  return issue ? to_string(*issue) : "";
}

}  // namespace

TEST_CASE("the last nodes are Byzantine without a change of the graph") {
  const Graph ring = graph("ring", 5);
  const PlacedGraph result = placed(ring, "last", 2);
  CHECK(result.graph == ring);
  CHECK(result.honest == 3);
  CHECK(result.names == Names{0, 1, 2, 3, 4});
}

TEST_CASE("the nodes of the highest degrees become the last, the lowest index first") {
  // Node 1 has the degree 3, nodes 0 and 3 have 2.
  const Graph graph = graph_of(5, {{0, 1}, {1, 2}, {1, 3}, {3, 4}, {0, 4}});
  CHECK(placed(graph, "degree", 1).names == Names{0, 2, 3, 4, 1});
  CHECK(placed(graph, "degree", 2).names == Names{2, 3, 4, 0, 1});
}

TEST_CASE("listed nodes become the last, and all nodes keep their neighbours") {
  const PlacedGraph result = placed(graph("chain", 4), "list", 2, {{"nodes", Integers{2, 0}}});
  CHECK(result.names == Names{1, 3, 0, 2});
  CHECK(edges_of(result.graph) == Edges{{0, 2}, {0, 3}, {1, 3}});  // 0-1, 1-2, 2-3 of the chain
}

TEST_CASE("random nodes depend on the seed alone, and each is chosen as often as any other") {
  const Graph ring = graph("ring", 5);
  CHECK(placed(ring, "random", 2, {}, 9).names == placed(ring, "random", 2, {}, 9).names);
  std::vector<int> counts(5, 0);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const PlacedGraph result = placed(ring, "random", 2, {}, seed);
    ++counts[result.names[3]];
    ++counts[result.names[4]];
  }
  // 2,000 * 2 / 5 = 800 on average, with standard deviation 22.
  for (const int count : counts) CHECK(std::abs(count - 800) < 5 * 22);
}

TEST_CASE("each honest node has its Byzantine neighbours, dealt in turn") {
  const PlacedGraph result = surrounded(graph("chain", 3), 4, 2);
  CHECK(result.honest == 3);
  CHECK(edges_of(result.graph) ==
        Edges{{0, 1}, {0, 3}, {0, 4}, {1, 2}, {1, 5}, {1, 6}, {2, 3}, {2, 4}});
}

TEST_CASE("no honest node gets one Byzantine neighbour twice") {
  for (std::size_t byzantine = 1; byzantine <= 7; ++byzantine)
    for (std::size_t edges = 1; edges <= byzantine; ++edges) {
      CAPTURE(byzantine, edges);
      const PlacedGraph result = surrounded(graph("ring", 9), byzantine, std::int64_t(edges));
      for (std::size_t v = 0; v < 9; ++v)
        CHECK(
            std::set(result.graph.neighbours[v].begin(), result.graph.neighbours[v].end()).size() ==
            2 + edges);
    }
}

TEST_CASE("a topology joins all nodes, but for per_honest the honest ones alone") {
  for (const PlacementEntry& entry : placements())
    CHECK(vertices_of_topology(placement(entry.declaration.name), {7, 3}) ==
          (entry.declaration.name == "per_honest" ? 7 : 10));
}

TEST_CASE("without a Byzantine node every placement leaves the graph as it is") {
  const Graph ring = graph("ring", 6);
  for (const PlacementEntry& entry : placements()) {
    CAPTURE(entry.declaration.name);
    CHECK_FALSE(placement_problem(placement(entry.declaration.name), {6, 0}, "/placement"));
    CHECK(placed(ring, entry.declaration.name, 0).graph == ring);
  }
}

TEST_CASE("every placement keeps the order of the honest nodes") {
  const Graph drawn = graph("random_regular", 20);
  for (const char* name : {"last", "degree", "random"}) {
    const PlacedGraph result = placed(drawn, name, 6);
    CHECK(std::is_sorted(result.names.begin(), result.names.begin() + 14));
    CHECK(std::is_sorted(result.names.begin() + 14, result.names.end()));
    CHECK(edge_count(result.graph) == 40);  // 20 * 4 / 2
  }
}

TEST_CASE("placements that do not fit the numbers of nodes are refused by their reason") {
  CHECK(refusal("list", {3, 2}, {{"nodes", Integers{1}}}) ==
        "/placement/parameters/nodes: names 1 node, but 2 are Byzantine; name each Byzantine node "
        "once");
  CHECK(refusal("list", {3, 2}, {{"nodes", Integers{1, 1}}}) ==
        "/placement/parameters/nodes: names node 1 twice; name each Byzantine node once");
  CHECK(refusal("list", {3, 2}, {{"nodes", Integers{1, 5}}}) ==
        "/placement/parameters/nodes: names node 5 of 5, counted from 0; must be in [0, 4]");
  CHECK(
      refusal("per_honest", {3, 2}, {{"edges", std::int64_t{3}}}) ==
      "/placement/parameters/edges: an honest node has no 3 Byzantine neighbours among 2; must be "
      "at most 2 here");
  CHECK(
      refusal("per_honest", {900'000, 100}, {{"edges", std::int64_t{60}}}) ==
      "/placement/parameters/edges: 900000 honest nodes with 60 edges each to Byzantine ones have "
      "more than 50000000; use fewer edges or nodes");
}

}  // namespace byzsim::placement_test
