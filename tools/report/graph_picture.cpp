#include "tools/report/graph_picture.h"

#include <algorithm>
#include <cmath>

#include "tools/topology/graph_layout.h"

namespace byzsim {
namespace {

// A hundredth of a pixel of any picture; more digits would only lengthen the page.
double four_decimals(double value) { return std::floor(value * 1e4 + 0.5) / 1e4; }

Json places_json(const NodeGraph& graph) {
  Json places = Json::array();
  for (const Place& place : layout_of(graph.graph(), graph.placed().honest))
    places.push_back({four_decimals(place.x), four_decimals(place.y)});
  return places;
}

Json larger_neighbours(const NodeGraph& graph) {
  Json all = Json::array();
  for (std::uint32_t node = 0; node < graph.graph().vertices(); ++node) {
    const std::vector<std::uint32_t>& neighbours = graph.neighbours(node);
    all.push_back(std::vector<std::uint32_t>(
        std::upper_bound(neighbours.begin(), neighbours.end(), node), neighbours.end()));
  }
  return all;
}

}  // namespace

Json graph_json(const NodeGraphs& graphs) {
  const NodeGraph& graph = graphs.first();
  Json json = {{"graphs", graphs.all().size()},
               {"nodes", graph.graph().vertices()},
               {"honest", graph.placed().honest},
               {"edges", edge_count(graph.graph())},
               {"most_drawn", kMostDrawn}};
  if (graph.graph().vertices() > kMostDrawn) return json;
  json["places"] = places_json(graph);
  json["neighbours"] = larger_neighbours(graph);
  return json;
}

}  // namespace byzsim
