#include <algorithm>

#include "core/graphs/topology.h"
#include "tests/catch.h"
#include "tests/core/graphs.h"

namespace byzsim::random_graphs_test {
namespace {

using namespace graphs;

Graph regular(std::size_t nodes, std::int64_t degree, std::uint64_t seed) {
  return make_graph(topology("random_regular", {{"degree", degree}}), nodes, seed, "/topology");
}

Graph erdos_renyi(std::size_t nodes, double probability, std::uint64_t seed) {
  return make_graph(topology("erdos_renyi", {{"probability", probability}}), nodes, seed,
                    "/topology");
}

bool is_regular(const Graph& graph, std::size_t degree) {
  return std::all_of(graph.neighbours.begin(), graph.neighbours.end(),
                     [&](const auto& neighbours) { return neighbours.size() == degree; });
}

}  // namespace

TEST_CASE("each of 10,000 nodes of a random regular graph has 8 neighbours") {
  const Graph graph = regular(10'000, 8, 1);
  CHECK(is_regular(graph, 8));
  CHECK(is_connected(graph));
}

TEST_CASE("a random regular graph exists for every degree that 3 to 16 nodes can have") {
  for (std::size_t nodes = 3; nodes <= 16; ++nodes)
    for (std::size_t degree = 2; degree < nodes; ++degree) {
      if (nodes * degree % 2 == 1) continue;
      CAPTURE(nodes, degree);
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const Graph graph = regular(nodes, std::int64_t(degree), seed);
        REQUIRE(is_regular(graph, degree));
        REQUIRE(is_connected(graph));
      }
    }
}

TEST_CASE("a random graph of degree n - 1 is complete, and one of degree 2 a cycle") {
  CHECK(regular(9, 8, 5) == graph("complete", 9));
  const Graph cycle = regular(101, 2, 5);
  CHECK(is_regular(cycle, 2));
  CHECK(is_connected(cycle));
}

TEST_CASE("each pair is joined by a random regular graph as often as any other") {
  // Of 2,000 graphs a pair is in 2000 * 3 / 7 = 857 on average, with standard deviation 22.
  Graph counts{std::vector<std::vector<std::uint32_t>>(8, std::vector<std::uint32_t>(8, 0))};
  for (std::uint64_t seed = 0; seed < 2000; ++seed)
    for (const auto& [a, b] : edges_of(regular(8, 3, seed))) ++counts.neighbours[a][b];
  for (std::size_t a = 0; a < 8; ++a)
    for (std::size_t b = a + 1; b < 8; ++b) {
      CAPTURE(a, b);
      CHECK(counts.neighbours[a][b] > 857 - 5 * 22);
      CHECK(counts.neighbours[a][b] < 857 + 5 * 22);
    }
}

TEST_CASE("an Erdos-Renyi graph has its share of all pairs") {
  // 499,500 pairs with probability 0.1: 49,950 edges on average, with standard deviation 212.
  const double edges = double(edge_count(erdos_renyi(1000, 0.1, 3)));
  CHECK(edges > 49'950 - 5 * 212);
  CHECK(edges < 49'950 + 5 * 212);
}

TEST_CASE("each pair is joined by an Erdos-Renyi graph as often as any other") {
  // Of 2,000 graphs a pair is in 1,400, with standard deviation 20; all but a few are connected.
  std::vector<int> counts(6 * 6, 0);
  for (std::uint64_t seed = 0; seed < 2000; ++seed)
    for (const auto& [a, b] : edges_of(erdos_renyi(6, 0.7, seed))) ++counts[a * 6 + b];
  for (std::size_t a = 0; a < 6; ++a)
    for (std::size_t b = a + 1; b < 6; ++b) {
      CAPTURE(a, b);
      CHECK(counts[a * 6 + b] > 1400 - 5 * 20);
      CHECK(counts[a * 6 + b] < 1400 + 5 * 20);
    }
}

TEST_CASE("an Erdos-Renyi graph of probability 1 is complete") {
  CHECK(erdos_renyi(12, 1, 1) == graph("complete", 12));
}

TEST_CASE("an Erdos-Renyi graph of few edges is drawn until it is connected") {
  // On average 12 * 0.75^11 = 0.5 of the nodes of a draw have no neighbour.
  for (std::uint64_t seed = 0; seed < 50; ++seed) CHECK(is_connected(erdos_renyi(12, 0.25, seed)));
}

TEST_CASE("an Erdos-Renyi graph that no draw connects is refused with a remedy") {
  try {
    erdos_renyi(100, 0.02, 1);  // on average 100 * 0.98^99 = 13.5 nodes without a neighbour
    FAIL("a draw was connected");
  } catch (const InputError& error) {
    CHECK(
        to_string(error.issues().at(0)) ==
        "/topology/parameters/probability: none of 100 draws of 100 nodes with probability 0.02 is "
        "connected; choose a larger probability or another seed");
  }
}

TEST_CASE("an Erdos-Renyi graph with too many nodes without a neighbour is refused before a draw") {
  const auto issue = topology_problem(topology("erdos_renyi", {{"probability", 0.001}}), 100, "");
  REQUIRE(issue);
  // 100 * 0.999^99 = 90.6, and ln 100 / 100 = 0.046.
  CHECK(
      to_string(*issue) ==
      "/parameters/probability: with probability 0.001 about 91 of 100 nodes have no neighbour, so "
      "that no draw is connected; choose about 0.046 or more (ln n / n)");
}

TEST_CASE("a probability below what a double next to 1 shows gives no edge") {
  CHECK_THROWS_AS(erdos_renyi(3, 1e-300, 1), InputError);
  CHECK(topology_problem(topology("erdos_renyi", {{"probability", 1e-300}}), 1'000'000, ""));
}

}  // namespace byzsim::random_graphs_test
