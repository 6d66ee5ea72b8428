#include "adversaries/graph_target.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "sim/scenario/node_graph.h"

namespace byzsim {
namespace {

struct Weighted {
  std::uint32_t node;
  double weight;
};

// Whose vectors a node combines with its own when it receives from `sender`, and their weights.
std::vector<Weighted> combined_by(const Scenario& scenario, std::uint32_t node, NodeId sender,
                                  std::int64_t step) {
  const NodeGraph& graph = *scenario.graph;
  std::vector<Weighted> combined;
  if (const auto peers = drawn_peers(scenario)) {
    // Its pulls of step t are tagged t + 1.
    const std::vector<std::uint32_t> asked = graph.peers_at(node, step - 1, *peers);
    if (std::find(asked.begin(), asked.end(), sender.index) == asked.end())
      return {{sender.index, 0.5}};  // a pair, which the sender has begun
    for (const std::uint32_t each : asked)
      combined.push_back({each, 1.0 / (1.0 + static_cast<double>(asked.size()))});
    return combined;
  }
  const std::vector<double> row = weights_of(graph, node);
  for (std::size_t i = 0; i + 1 < row.size(); ++i)
    combined.push_back({graph.neighbours(node)[i], row[i + 1]});
  return combined;
}

Payload known_vector(std::uint32_t sender, const AdversaryView& view) {
  const Knowledge knowledge = view.scenario.knowledge;
  if (knowledge == Knowledge::own_messages || knowledge == Knowledge::blind) return {};
  const auto known = std::find_if(view.honest.begin(), view.honest.end(),
                                  [&](const Heard& each) { return each.sender.index == sender; });
  return known == view.honest.end() ? Payload() : known->vector;
}

}  // namespace

TargetView target_on_graph(std::uint32_t node, const PendingSend& pending,
                           const AdversaryView& view) {
  BYZ_CHECK(view.scenario.graph != nullptr, "a receiver has neighbours on a graph");
  TargetView target{.own = known_vector(node, view)};
  for (const auto& [neighbour, weight] :
       combined_by(view.scenario, node, pending.sender, pending.step)) {
    ++target.combined;
    if (view.scenario.is_byzantine({Role::server, neighbour})) {
      ++target.byzantine;
      target.byzantine_weight += weight;
    } else if (Payload vector = known_vector(neighbour, view)) {
      target.neighbours.push_back(std::move(vector));
      target.weights.push_back(weight);
    }
  }
  return target;
}

}  // namespace byzsim
