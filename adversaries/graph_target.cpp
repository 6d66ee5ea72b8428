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

// Whose vectors a node combines with its own, ascending, and with which weights.
struct Combined {
  double own_weight;
  std::vector<Weighted> others;
  bool equally;
};

Combined combined_equally(const std::vector<std::uint32_t>& nodes) {
  Combined combined{1.0 / (1.0 + static_cast<double>(nodes.size())), {}, true};
  for (const std::uint32_t node : nodes) combined.others.push_back({node, combined.own_weight});
  return combined;
}

// When it receives from `sender`.
Combined combined_by(std::uint32_t node, const PendingSend& pending, const AdversaryView& view) {
  const NodeId sender = pending.sender;
  const NodeGraph& graph = graph_of(pending, view);
  if (const auto peers = drawn_peers(view.scenario)) {
    const std::vector<std::uint32_t> asked =
        graph.peers_at(node, exchanged_in(pending.phase, pending.step), *peers);
    const bool asks = std::find(asked.begin(), asked.end(), sender.index) != asked.end();
    // Otherwise it is one of a pair, which the sender has begun.
    return combined_equally(asks ? asked : std::vector<std::uint32_t>{sender.index});
  }
  const std::vector<double> row = weights_of(graph, node);
  Combined combined{row.front(), {}, false};
  for (std::size_t i = 0; i + 1 < row.size(); ++i)
    combined.others.push_back({graph.neighbours(node)[i], row[i + 1]});
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
  const Combined combined = combined_by(node, pending, view);
  TargetView target{.own = known_vector(node, view)};
  target.own_weight = combined.own_weight;
  target.equally = combined.equally;
  target.combined += static_cast<int>(combined.others.size());
  std::size_t honest = 0;
  for (const auto& [neighbour, weight] : combined.others) {
    if (view.scenario.is_byzantine({Role::server, neighbour})) {
      target.byzantine_weights.push_back(weight);
      continue;
    }
    if (Payload vector = known_vector(neighbour, view)) {
      target.neighbours.push_back(std::move(vector));
      target.weights.push_back(weight);
      target.nodes.push_back(neighbour);
      target.places.push_back(honest);
    } else {
      // As of a neighbour that is silent.
      target.own_weight += weight;
    }
    ++honest;
  }
  return target;
}

}  // namespace byzsim
