#include "core/graphs/honest_part.h"

#include "tests/catch.h"
#include "tests/core/graphs.h"

namespace byzsim::honest_part_test {

using namespace graphs;

TEST_CASE("a connected honest part needs no sentence") {
  CHECK_FALSE(disconnected_honest_part(graph("ring", 5), 4));
}

TEST_CASE("a disconnected honest part is described by its smallest component") {
  const Graph apart = graph_of(6, {{0, 1}, {1, 2}, {3, 4}, {4, 5}, {0, 5}});  // node 5 is Byzantine
  CHECK(disconnected_honest_part(apart, 5) ==
        "no path of honest nodes joins nodes 3, 4 to the other 3 honest nodes");
  CHECK(disconnected_honest_part(graph_of(3, {{0, 2}, {1, 2}}), 2) ==
        "no path of honest nodes joins node 0 to the other 1 honest node");
}

TEST_CASE("a long component is described by its first nodes") {
  const PlacedGraph chain =
      place_byzantine(graph("chain", 25), placement("list", {{"nodes", Integers{12}}}), {24, 1}, 1);
  CHECK(disconnected_honest_part(chain.graph, 24) ==
        "no path of honest nodes joins nodes 0, 1, 2, 3, 4, 5, 6, 7 and 4 more to the other 12 "
        "honest nodes");
}

TEST_CASE("the honest node with the most Byzantine neighbours, and of those the fewest others") {
  // Nodes 4 and 5 are Byzantine; 1 and 2 have both as neighbours, and 2 no other.
  const Graph graph = graph_of(6, {{0, 1}, {0, 4}, {1, 4}, {1, 5}, {2, 4}, {2, 5}, {0, 3}});
  CHECK(most_byzantine_neighbourhood(graph, 4) == Neighbourhood{2, 2, 2});
  CHECK(to_string(most_byzantine_neighbourhood(graph, 4)) ==
        "node 2 has 2 Byzantine among its 2 neighbours, the most of all honest nodes");
}

TEST_CASE("without a Byzantine neighbour the sentence names no node") {
  CHECK(to_string(most_byzantine_neighbourhood(graph("ring", 4), 4)) ==
        "no honest node has a Byzantine neighbour");
}

}  // namespace byzsim::honest_part_test
