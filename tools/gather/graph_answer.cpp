#include "tools/gather/graph_answer.h"

#include <fmt/format.h>

#include <cmath>

#include "core/input/decimal.h"

namespace byzsim {
namespace {

// Of a position in units of 10^-places.
double in_values(double position, int places) {
  for (int place = 0; place < places; ++place) position /= 10;
  return position;
}

std::string end_text(double position, int places) {
  if (std::isinf(position)) return position > 0 ? "infinity" : "-infinity";
  // Positions are whole; what rounding leaves of a 0 must not show.
  const double shown = std::fabs(position) < 1e-9 ? 0 : position;
  return fmt::format("{:.6g}", in_values(shown, places));
}

Json end_json(double position, int places) {
  return std::isinf(position) ? Json() : Json(in_values(position, places));
}

std::string worst_text(const GraphQuestion& question, const GraphReach& reach) {
  if (std::isinf(reach.worst)) return "without bound";
  return fmt::format("at worst {} (node {} above node {})", end_text(reach.worst, question.places),
                     reach.above, reach.below);
}

std::string node_text(const GraphQuestion& question, const GraphReach& reach, std::size_t node) {
  const auto [low, high] = reach.nodes[node];
  return fmt::format("  node {:<14} {}, after the combine within [{}, {}]\n", node,
                     format_decimal(question.gather.positions[node], question.places),
                     end_text(low, question.places), end_text(high, question.places));
}

Json node_json(const GraphQuestion& question, const GraphReach& reach, std::size_t node) {
  const PlacedGraph& placed = question.gather.placed;
  const std::string value = format_decimal(question.gather.positions[node], question.places);
  return {{"node", node},
          {"vertex", placed.names[node]},
          {"value", Json::parse(value)},
          {"byzantine_neighbours", byzantine_neighbours(placed.graph, placed.honest, node)},
          {"low", end_json(reach.nodes[node].low, question.places)},
          {"high", end_json(reach.nodes[node].high, question.places)}};
}

}  // namespace

std::string graph_text(const GraphQuestion& question, const GraphReach& reach) {
  const PlacedGraph& placed = question.gather.placed;
  std::string text =
      fmt::format("{}: {} nodes, {} of them Byzantine; rule {}, {} weights\n",
                  question.scenario.on_graph->topology.name, placed.graph.vertices(),
                  placed.graph.vertices() - placed.honest, question.gather.aggregation.rule.name,
                  to_string(question.gather.weights));
  text += fmt::format("  {:<19} {}, after the combine {}\n", "drift",
                      format_decimal(reach.before, question.places), worst_text(question, reach));
  for (std::size_t node = 0; node < reach.nodes.size(); ++node)
    text += node_text(question, reach, node);
  return text;
}

Json graph_json(const GraphQuestion& question, const GraphReach& reach) {
  const PlacedGraph& placed = question.gather.placed;
  const std::string before = format_decimal(reach.before, question.places);
  Json nodes = Json::array();
  for (std::size_t node = 0; node < reach.nodes.size(); ++node)
    nodes.push_back(node_json(question, reach, node));
  return {{"topology", question.scenario.on_graph->topology.name},
          {"rule", question.gather.aggregation.rule.name},
          {"weights", to_string(question.gather.weights)},
          {"byzantine", placed.graph.vertices() - placed.honest},
          {"drift",
           {{"before", Json::parse(before)}, {"worst", end_json(reach.worst, question.places)}}},
          {"above", reach.above},
          {"below", reach.below},
          {"nodes", std::move(nodes)}};
}

}  // namespace byzsim
