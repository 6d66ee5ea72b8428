// The edges of every kind of graph at small sizes, and what holds for all kinds.
#include "core/graphs/topology.h"

#include "tests/catch.h"
#include "tests/core/graphs.h"

namespace byzsim::topologies_test {
namespace {

using namespace graphs;

constexpr std::int64_t kOne = 1;

/// What the kind refuses this number of nodes with: place, problem and remedy.
std::string refusal(const std::string& name, std::size_t nodes, const Settings& settings = {}) {
  const auto issue = topology_problem(topology(name, settings), nodes, "/topology");
  return issue ? to_string(*issue) : "";
}

/// Every kind at its defaults, but with a chain for the user's edges.
Choice any_choice(const TopologyKind& kind, std::size_t nodes) {
  if (!kind.any_edges) return topology(kind.declaration.name);
  Integers list;
  for (std::size_t v = 1; v < nodes; ++v) {
    list.push_back(std::int64_t(v) - 1);
    list.push_back(std::int64_t(v));
  }
  return topology("edges", {{"list", list}});
}

bool is_simple(const Graph& graph) {
  for (std::uint32_t v = 0; v < graph.vertices(); ++v)
    for (std::size_t i = 0; i < degree_of(graph, v); ++i) {
      const std::uint32_t w = graph.neighbours[v][i];
      if (w == v || (i > 0 && graph.neighbours[v][i - 1] >= w) || !has_edge(graph, w, v))
        return false;
    }
  return true;
}

}  // namespace

TEST_CASE("graphs of other numbers are drawn apart, and number 0 is what the seed gives") {
  for (const Choice& drawn :
       {topology("random_regular", {{"degree", std::int64_t{4}}}), topology("erdos_renyi"),
        topology("random_regular", {{"degree", std::int64_t{2}}}),
        topology("dumbbell", {{"cross", std::int64_t{3}}})}) {
    CAPTURE(drawn.name);
    const auto edges = [&](std::uint64_t number) {
      return edges_of(make_graph(drawn, 12, 1, "", number));
    };
    CHECK(topologies().at(drawn.name).draws);
    CHECK(edges(0) == edges_of(make_graph(drawn, 12, 1, "")));
    CHECK(edges(1) != edges(0));
    CHECK(edges(2) != edges(1));
    CHECK(edges(2) == edges(2));
  }
}

TEST_CASE("what is joined by random_out are all nodes, of which a node draws some") {
  CHECK(edges_of(graph("random_out", 6)) == edges_of(graph("complete", 6)));
  CHECK(refusal("random_out", 5) ==
        "/topology/parameters/peers: each of 5 nodes has 4 others, not 5; draw fewer or use more "
        "nodes");
}

TEST_CASE("each two nodes of a complete graph are joined") {
  CHECK(edges_of(graph("complete", 4)) == Edges{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}});
}

TEST_CASE("a ring joins each node to its nearest on both sides") {
  CHECK(edges_of(graph("ring", 5)) == Edges{{0, 1}, {0, 4}, {1, 2}, {2, 3}, {3, 4}});
  CHECK(edges_of(graph("ring", 6, {{"neighbours", std::int64_t{2}}})) == Edges{{0, 1},
                                                                               {0, 2},
                                                                               {0, 4},
                                                                               {0, 5},
                                                                               {1, 2},
                                                                               {1, 3},
                                                                               {1, 5},
                                                                               {2, 3},
                                                                               {2, 4},
                                                                               {3, 4},
                                                                               {3, 5},
                                                                               {4, 5}});
}

TEST_CASE("chain, star and binary tree have one edge fewer than nodes") {
  CHECK(edges_of(graph("chain", 4)) == Edges{{0, 1}, {1, 2}, {2, 3}});
  CHECK(edges_of(graph("star", 4)) == Edges{{0, 1}, {0, 2}, {0, 3}});
  CHECK(edges_of(graph("binary_tree", 6)) == Edges{{0, 1}, {0, 2}, {1, 3}, {1, 4}, {2, 5}});
}

TEST_CASE("a torus of three times three joins rows and columns round") {
  CHECK(edges_of(graph("torus", 9)) == Edges{{0, 1},
                                             {0, 2},
                                             {0, 3},
                                             {0, 6},
                                             {1, 2},
                                             {1, 4},
                                             {1, 7},
                                             {2, 5},
                                             {2, 8},
                                             {3, 4},
                                             {3, 5},
                                             {3, 6},
                                             {4, 5},
                                             {4, 7},
                                             {5, 8},
                                             {6, 7},
                                             {6, 8},
                                             {7, 8}});
}

TEST_CASE("a torus has the most square rows unless they are given") {
  CHECK(has_edge(graph("torus", 24), 0, 6));  // 4 rows of 6
  CHECK(has_edge(graph("torus", 24, {{"rows", std::int64_t{3}}}), 0, 8));
}

TEST_CASE("two cliques are joined by an edge or by a path") {
  CHECK(edges_of(graph("two_cliques", 6)) ==
        Edges{{0, 1}, {0, 2}, {1, 2}, {2, 3}, {3, 4}, {3, 5}, {4, 5}});
  CHECK(edges_of(graph("two_cliques", 8, {{"path", std::int64_t{2}}})) ==
        Edges{{0, 1}, {0, 2}, {1, 2}, {2, 3}, {3, 4}, {4, 5}, {5, 6}, {5, 7}, {6, 7}});
}

TEST_CASE("the leaves of a dumbbell are its last nodes, first those of node 0") {
  CHECK(edges_of(graph("dumbbell", 8, {{"leaves", std::int64_t{2}}})) ==
        Edges{{0, 1}, {0, 3}, {0, 4}, {0, 5}, {2, 3}, {3, 6}, {3, 7}});
}

TEST_CASE("a dumbbell has its number of cross edges besides the bridge") {
  const Edges edges =
      edges_of(graph("dumbbell", 10, {{"leaves", std::int64_t{0}}, {"cross", std::int64_t{6}}}));
  CHECK(edges.size() == 10 + 10 + 1 + 6);
  const auto crosses = [](const Edge& edge) { return edge.first < 5 && edge.second >= 5; };
  CHECK(std::count_if(edges.begin(), edges.end(), crosses) == 7);
  const Settings all = {{"leaves", std::int64_t{0}}, {"cross", std::int64_t{24}}};
  CHECK(graph("dumbbell", 10, all) ==
        graph("complete", 10));  // 5 * 5 pairs, the bridge one of them
}

TEST_CASE("two worlds join each node to that number of the other world") {
  CHECK(edges_of(graph("two_worlds", 6, {{"links", std::int64_t{2}}})) == Edges{{0, 1},
                                                                                {0, 2},
                                                                                {0, 3},
                                                                                {0, 4},
                                                                                {1, 2},
                                                                                {1, 4},
                                                                                {1, 5},
                                                                                {2, 3},
                                                                                {2, 5},
                                                                                {3, 4},
                                                                                {3, 5},
                                                                                {4, 5}});
  const Graph published = graph("two_worlds", 26, {{"links", std::int64_t{8}}});
  for (std::size_t v = 0; v < 26; ++v) CHECK(degree_of(published, v) == 12 + 8);
}

TEST_CASE("two castles join all nodes but the counterparts") {
  CHECK(edges_of(graph("two_castles", 6)) == Edges{{0, 1},
                                                   {0, 2},
                                                   {0, 4},
                                                   {0, 5},
                                                   {1, 2},
                                                   {1, 3},
                                                   {1, 5},
                                                   {2, 3},
                                                   {2, 4},
                                                   {3, 4},
                                                   {3, 5},
                                                   {4, 5}});
}

TEST_CASE("listed edges are the graph's, in any order") {
  CHECK(edges_of(graph("edges", 4, {{"list", Integers{3, 1, 1, 0, 2, 1}}})) ==
        Edges{{0, 1}, {1, 2}, {1, 3}});
}

TEST_CASE(
    "every kind gives a simple connected graph of 1 to 50 nodes, or a sentence with a remedy") {
  for (const TopologyKind& kind : topologies())
    for (std::size_t nodes = 1; nodes <= 50; ++nodes) {
      CAPTURE(kind.declaration.name, nodes);
      const Choice choice = any_choice(kind, nodes);
      if (const auto issue = topology_problem(choice, nodes, "/topology")) {
        CHECK(issue->where.starts_with("/topology"));
        CHECK_FALSE(issue->remedy.empty());
        // At its defaults a kind has no graph of few nodes, of odd or of prime numbers.
        CHECK((nodes < 10 || kind.declaration.name == "torus" || nodes % 2 == 1));
        continue;
      }
      const Graph made = make_graph(choice, nodes, nodes, "/topology");
      CHECK(made.vertices() == nodes);
      CHECK(is_simple(made));
      CHECK(is_connected(made));
    }
}

TEST_CASE("a kind knows its number of edges before it makes them, but for what is drawn") {
  for (const TopologyKind& kind : topologies())
    if (kind.declaration.name != "erdos_renyi") {
      CAPTURE(kind.declaration.name);
      const Choice choice = any_choice(kind, 24);
      CHECK(kind.edges(choice.parameters, 24) ==
            double(edge_count(make_graph(choice, 24, 1, "/topology"))));
    }
}

TEST_CASE("equal seeds give equal graphs, and other seeds others where edges are drawn") {
  for (const TopologyKind& kind : topologies()) {
    CAPTURE(kind.declaration.name);
    Choice choice = any_choice(kind, 30);
    if (kind.declaration.name == "dumbbell") choice.parameters.set("cross", std::int64_t{5});
    const Graph made = make_graph(choice, 30, 7, "/topology");
    CHECK(make_graph(choice, 30, 7, "/topology") == made);
    const bool is_drawn = kind.declaration.name == "dumbbell" ||
                          kind.declaration.name == "erdos_renyi" ||
                          kind.declaration.name == "random_regular";
    CHECK((make_graph(choice, 30, 8, "/topology") != made) == is_drawn);
  }
}

TEST_CASE("numbers of nodes without a graph are refused by their reason") {
  CHECK(refusal("ring", 2) ==
        "/topology/parameters/neighbours: a ring with 1 on each side needs 3 nodes or more, not 2; "
        "use more nodes");
  CHECK(
      refusal("torus", 13) ==
      "/topology: a torus has 3 or more rows and 3 or more columns; 13 nodes are 1 x 13 here; use "
      "9, 12, 15, 16 or another number of nodes with two such divisors");
  CHECK(refusal("torus", 24, {{"rows", std::int64_t{5}}}) ==
        "/topology/parameters/rows: 24 nodes are not 5 equal rows; choose a divisor of the number "
        "of nodes, or \"auto\"");
  CHECK(refusal("two_cliques", 7) ==
        "/topology/parameters/path: 7 nodes without the 0 of the path are not two equal cliques; "
        "use 8 nodes, or another length of the path");
  CHECK(refusal("two_worlds", 7) ==
        "/topology: two_worlds has two halves of equal size: an even number of nodes, 2 or more, "
        "not 7; use 8 nodes");
  CHECK(refusal("two_worlds", 6, {{"links", std::int64_t{4}}}) ==
        "/topology/parameters/links: a world of 3 nodes has no 4 nodes to be joined to; must be at "
        "most 3 here");
  CHECK(refusal("dumbbell", 6, {{"cross", std::int64_t{4}}}) ==
        "/topology/parameters/cross: two cliques of 2 have 3 pairs besides the bridge, fewer than "
        "4; must be at most 3 here");
  CHECK(refusal("random_regular", 4) ==
        "/topology/parameters/degree: each of 4 nodes has at most 3 neighbours, not 4; choose a "
        "smaller degree or more nodes");
  CHECK(refusal("random_regular", 5, {{"degree", std::int64_t{3}}}) ==
        "/topology/parameters/degree: 5 nodes cannot have 3 neighbours each: an edge has two ends, "
        "and 15 is odd; choose an even degree or an even number of nodes");
  CHECK(
      refusal("random_regular", 4, {{"degree", kOne}}) ==
      "/topology/parameters/degree: 4 nodes with one neighbour each are not connected; must be at "
      "least 2 here");
}

TEST_CASE("listed edges that are no graph of the nodes are refused by their reason") {
  const auto listed = [](std::size_t nodes, Integers list) {
    return refusal("edges", nodes, {{"list", std::move(list)}});
  };
  CHECK(refusal("edges", 3) ==
        "/topology/parameters: neither list nor file names an edge; for example {\"list\": [0, 1, "
        "1, 2]}");
  CHECK(refusal("edges", 3, {{"list", Integers{0, 1}}, {"file", std::string("a.txt")}}) ==
        "/topology/parameters: list and file both name edges; remove one of them");
  CHECK(listed(3, {0, 1, 2}) ==
        "/topology/parameters/list: has 3 integers, but two are an edge; give an even number of "
        "them: [0, 1, 1, 2] joins 0 to 1 and 1 to 2");
  CHECK(listed(3, {0, 1, 2, 2}) ==
        "/topology/parameters/list: joins node 2 to itself; remove the pair");
  CHECK(listed(3, {0, 1, 1, 2, 0, 1}) ==
        "/topology/parameters/list: joins nodes 0 and 1 twice; remove one of the pairs");
  CHECK(listed(5, {0, 1, 1, 2}) ==
        "/topology: the edges name nodes up to 2, so that there are 3, not 5; use 3 nodes, or add "
        "the edges of the others");
}

TEST_CASE("graphs that do not fit into memory are refused before they are made") {
  CHECK(refusal("complete", 10'000) == "");  // 49,995,000 edges
  CHECK(refusal("complete", 10'001) ==
        "/topology: complete of 10001 nodes has about 5e+07 edges, more than the 50000000 that "
        "byzsim keeps in memory; use fewer nodes or a sparser graph");
  CHECK(refusal("ring", 1'000'000) == "");
  CHECK(refusal("ring", 1'000'001) ==
        "/topology: a graph has 1 to 1000000 nodes, not 1000001; use fewer nodes");
  CHECK(refusal("chain", 0) ==
        "/topology: a graph has 1 to 1000000 nodes, not 0; use one node or more");
}

}  // namespace byzsim::topologies_test
