#include "core/graphs/fiedler_cut.h"

#include <bit>
#include <numeric>

#include "core/exact/digest.h"
#include "tests/catch.h"
#include "tests/core/graphs.h"

namespace byzsim::fiedler_cut_test {
namespace {

using namespace graphs;
using Sides = std::vector<std::uint8_t>;

Sides cut(const Graph& graph) { return fiedler_cut(graph, graph.vertices()); }

/// Zeros, then ones.
Sides halves(std::size_t zeros, std::size_t ones) {
  Sides sides(zeros, 0);
  sides.resize(zeros + ones, 1);
  return sides;
}

}  // namespace

TEST_CASE("a chain is cut in its middle, with the middle node on side 0") {
  CHECK(cut(graph("chain", 6)) == halves(3, 3));
  CHECK(cut(graph("chain", 7)) == halves(4, 3));
  CHECK(cut(graph("chain", 1001)) == halves(501, 500));
}

TEST_CASE("two cliques, two worlds and a dumbbell are cut between their halves") {
  CHECK(cut(graph("two_cliques", 20)) == halves(10, 10));
  CHECK(cut(graph("two_worlds", 26, {{"links", std::int64_t{8}}})) == halves(13, 13));
  CHECK(cut(graph("dumbbell", 20, {{"leaves", std::int64_t{0}}, {"cross", std::int64_t{3}}})) ==
        halves(10, 10));
}

TEST_CASE("two worlds are cut by their edges, whatever the names of the nodes") {
  const Graph worlds = graph("two_worlds", 10, {{"links", std::int64_t{1}}});
  const Graph mixed = relabelled(worlds, {0, 5, 1, 6, 2, 7, 3, 8, 4, 9});
  CHECK(cut(mixed) == Sides{0, 1, 0, 1, 0, 1, 0, 1, 0, 1});
}

TEST_CASE("ring and complete graph are cut into two halves that lie together") {
  const Sides ring = cut(graph("ring", 100));
  std::size_t changes = 0;
  for (std::size_t v = 0; v < 100; ++v) changes += ring[v] != ring[(v + 1) % 100] ? 1 : 0;
  CHECK(changes == 2);
  CHECK(std::accumulate(ring.begin(), ring.end(), 0) == 50);
  const Sides complete = cut(graph("complete", 10));
  CHECK(std::accumulate(complete.begin(), complete.end(), 0) == 5);
}

TEST_CASE("a Byzantine node is on the side of most of its honest neighbours, and else on side 0") {
  // Honest cliques 0-2 and 3-5; node 6 is joined to more of the second, node 7 to one of each.
  const Graph graph = graph_of(8, {{0, 1},
                                   {0, 2},
                                   {1, 2},
                                   {3, 4},
                                   {3, 5},
                                   {4, 5},
                                   {2, 3},
                                   {0, 6},
                                   {4, 6},
                                   {5, 6},
                                   {0, 7},
                                   {5, 7},
                                   {6, 7}});
  CHECK(fiedler_cut(graph, 6) == Sides{0, 0, 0, 1, 1, 1, 1, 0});
}

TEST_CASE("Byzantine nodes do not move the cut of the honest ones") {
  const Graph worlds = graph("two_worlds", 12, {{"links", std::int64_t{2}}});
  const PlacedGraph placed =
      place_byzantine(worlds, placement("per_honest", {{"edges", std::int64_t{3}}}), {12, 4}, 1);
  Sides honest = fiedler_cut(placed.graph, 12);
  honest.resize(12);
  CHECK(honest == halves(6, 6));
}

TEST_CASE("a disconnected honest part is cut at the component of node 0") {
  CHECK(cut(graph_of(5, {{0, 2}, {1, 3}})) == Sides{0, 1, 0, 1, 1});
}

TEST_CASE("one honest node and its Byzantine neighbours are on side 0") {
  CHECK(fiedler_cut(graph("star", 4), 1) == Sides{0, 0, 0, 0});
}

TEST_CASE("the Fiedler vector of a random graph has the bits it always had") {
  const Graph drawn = graph("random_regular", 200, {{"degree", std::int64_t{3}}});
  Digest digest;
  for (const double value : fiedler_vector(drawn, 200))
    digest.add({std::bit_cast<std::uint64_t>(value)});
  CHECK(digest.hex() == "bb43612b3c96e4c2");
}

}  // namespace byzsim::fiedler_cut_test
