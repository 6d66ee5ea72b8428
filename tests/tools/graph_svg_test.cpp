// Pictures of graphs: where nodes are, and what is drawn of them.
#include "tools/topology/graph_svg.h"

#include <cmath>

#include "tests/catch.h"
#include "tests/core/graphs.h"
#include "tools/topology/graph_layout.h"

namespace byzsim::graph_svg_test {
namespace {

using namespace graphs;

std::size_t count_of(const std::string& part, const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

double distance(const Place& a, const Place& b) {
  return std::sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

std::vector<Place> layout(const Graph& graph) { return layout_of(graph, graph.vertices()); }

/// The mean distance of the pairs that are joined, over that of those that are not.
double nearness(const Graph& graph, const std::vector<Place>& places) {
  double joined = 0, apart = 0, edges = 0, others = 0;
  for (std::uint32_t v = 0; v < graph.vertices(); ++v)
    for (std::uint32_t w = 0; w < v; ++w) {
      const bool is_edge = has_edge(graph, v, w);
      (is_edge ? joined : apart) += distance(places[v], places[w]);
      (is_edge ? edges : others) += 1;
    }
  return joined / edges / (apart / others);
}

}  // namespace

TEST_CASE("every kind of graph is laid out within the circle of radius 1") {
  for (const TopologyKind& kind : topologies()) {
    if (kind.any_edges) continue;
    CAPTURE(kind.declaration.name);
    for (const Place& place : layout(graph(kind.declaration.name, 30)))
      CHECK(place.x * place.x + place.y * place.y <= 1 + 1e-9);
  }
}

TEST_CASE("a ring is drawn as one: neighbours are at equal distances") {
  const std::vector<Place> places = layout(graph("ring", 24));
  const double side = 2 * std::sin(std::acos(-1.0) / 24);  // of a regular polygon of 24
  for (std::size_t v = 0; v < 24; ++v)
    CHECK(distance(places[v], places[(v + 1) % 24]) == Approx(side).epsilon(0.05));
}

TEST_CASE("neighbours are drawn nearer to each other than other pairs") {
  for (const char* name : {"chain", "torus", "binary_tree", "dumbbell", "random_regular"}) {
    CAPTURE(name);
    const Graph made = graph(name, 36);
    CHECK(nearness(made, layout(made)) < 0.6);
  }
}

TEST_CASE("a star has its centre in the middle, and a complete graph no node there") {
  const std::vector<Place> star = layout(graph("star", 12));
  CHECK(std::fabs(star[0].x) + std::fabs(star[0].y) < 0.3);
  for (const Place& place : layout(graph("complete", 9)))
    CHECK(place.x * place.x + place.y * place.y == Approx(1));
}

TEST_CASE("two worlds are drawn left and right of the middle") {
  for (const std::int64_t links : {1, 2, 8}) {
    const std::vector<Place> places = layout(graph("two_worlds", 26, {{"links", links}}));
    Place first{0, 0}, second{0, 0};
    for (std::size_t v = 0; v < 13; ++v) {
      first = {first.x + places[v].x / 13, first.y + places[v].y / 13};
      second = {second.x + places[13 + v].x / 13, second.y + places[13 + v].y / 13};
    }
    CAPTURE(links);
    CHECK(distance(first, second) > 0.7);
  }
}

TEST_CASE("nodes that nothing joins have places, too") {
  const std::vector<Place> places = layout_of(graph_of(6, {{0, 1}, {2, 3}}), 6);
  for (std::size_t v = 0; v < 6; ++v)
    for (std::size_t w = 0; w < v; ++w) CHECK(distance(places[v], places[w]) > 0.05);
}

TEST_CASE("one node and two nodes are drawn") {
  CHECK(layout(graph("chain", 1)).size() == 1);
  CHECK(layout(graph("chain", 2)).size() == 2);
  CHECK(count_of("<circle", graph_svg(graph("chain", 1), 1)) == 2);  // it, and that of the legend
}

TEST_CASE("a picture has a circle for each honest and a diamond for each Byzantine node") {
  const std::string svg = graph_svg(graph("ring", 10), 7);
  CHECK(count_of("<circle", svg) == 7 + 1);
  CHECK(count_of("class=\"byzantine\"", svg) == 3 + 1);
  CHECK(count_of("<title>honest node 6, 2 neighbours</title>", svg) == 1);
  CHECK(count_of("<title>Byzantine node 7, 2 neighbours</title>", svg) == 1);
  CHECK(count_of(">7 honest</text>", svg) == 1);
  CHECK(count_of(">3 Byzantine</text>", svg) == 1);
  CHECK(count_of(">10 edges</text>", svg) == 1);
}

TEST_CASE("without a Byzantine node the legend has no diamond") {
  CHECK(count_of("class=\"byzantine\"", graph_svg(graph("ring", 5), 5)) == 0);
}

TEST_CASE("a picture draws each edge once") {
  const std::string svg = graph_svg(graph("complete", 6), 6);
  const std::size_t begin = svg.find("class=\"edges\" d=\"") + 17;
  CHECK(count_of("M", svg.substr(begin, svg.find('"', begin) - begin)) == 15);
}

TEST_CASE("nodes of a large graph have no labels but tooltips") {
  CHECK(count_of("<title>", graph_svg(graph("ring", 300), 300)) == 300);
  CHECK(count_of(">299</text>", graph_svg(graph("ring", 300), 300)) == 0);
  CHECK(count_of(">99</text>", graph_svg(graph("ring", 100), 100)) == 1);
}

TEST_CASE(
    "values colour the nodes from one end of the scale to the other, and beyond it no further") {
  const NodeColours colours = {{0, 1, -3, 7, std::nan("")}, "a < b & c", "low", "high"};
  const std::string svg = graph_svg(graph("ring", 5), 5, colours);
  CHECK(count_of("fill=\"#440154\"", svg) == 3);  // 0, -3 and NaN: the first colour of viridis
  CHECK(count_of("fill=\"#fde725\"", svg) == 2);  // 1 and 7: its last
  CHECK(count_of("a &lt; b &amp; c</text>", svg) == 1);
  CHECK(count_of(">high</text>", svg) == 1);
}

TEST_CASE("the picture of a graph has the same bytes every time") {
  const Graph drawn = graph("random_regular", 60);
  CHECK(graph_svg(drawn, 50) == graph_svg(drawn, 50));
}

}  // namespace byzsim::graph_svg_test
