#include "adversaries/graph_target.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace byzsim {
namespace {

struct Weighted {
  std::uint32_t node;
  double weight;
};

// Whose vectors a node combines with its own when it receives from `sender`, and their weights.
std::vector<Weighted> combined_by(std::uint32_t node, const PendingSend& pending,
                                  const AdversaryView& view) {
  const NodeId sender = pending.sender;
  const std::int64_t step = exchanged_in(pending.phase, pending.step);
  const NodeGraph& graph = graph_of(pending, view);
  std::vector<Weighted> combined;
  if (const auto peers = drawn_peers(view.scenario)) {
    const std::vector<std::uint32_t> asked = graph.peers_at(node, step, *peers);
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

const NodeGraph& graph_of(const PendingSend& pending, const AdversaryView& view) {
  BYZ_CHECK(view.scenario.graphs != nullptr, "a receiver has neighbours on a graph");
  return view.scenario.graphs->at(exchanged_in(pending.phase, pending.step));
}

TargetView target_on_graph(std::uint32_t node, const PendingSend& pending,
                           const AdversaryView& view) {
  TargetView target{.own = known_vector(node, view)};
  for (const auto& [neighbour, weight] : combined_by(node, pending, view)) {
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
