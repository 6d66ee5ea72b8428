#include "adversaries/crafting.h"

#include <utility>

#include "core/check.h"
#include "sim/scenario/node_graph.h"

namespace byzsim {
namespace {

AttackTarget<float> target_of(const Crafting& crafting, std::span<const float* const> neighbours) {
  const TargetView& seen = *crafting.target;
  AttackTarget<float> target{seen.own ? seen.own.values().data() : nullptr,
                             neighbours,
                             seen.weights,
                             seen.byzantine_weights,
                             seen.own_weight,
                             seen.equally};
  while (target.place < seen.nodes.size() && seen.nodes[target.place] < crafting.receiver)
    ++target.place;
  if (!crafting.fiedler.empty()) {
    target.fiedler = crafting.fiedler.front();
    target.honest_fiedler = std::span(crafting.fiedler).subspan(1);
  }
  return target;
}

// In place of all that the attack knows: the receiver's vector, which has the number 0, and those
// of its honest neighbours.
void see_neighbourhood(NodeId receiver, const TargetView& target, Crafting& crafting) {
  crafting.honest.clear();
  crafting.senders.clear();
  crafting.numbers.clear();
  crafting.visible = 1 + target.honest();
  const auto see = [&](const Payload& vector, std::uint32_t node, std::size_t number) {
    crafting.honest.push_back(vector);
    crafting.senders.push_back({receiver.role, node});
    crafting.numbers.push_back(number);
  };
  if (target.own) see(target.own, receiver.index, 0);
  for (std::size_t i = 0; i < target.neighbours.size(); ++i)
    see(target.neighbours[i], target.nodes[i], 1 + target.places[i]);
}

// The receiver's entry of the Fiedler vector, then those of all that the attack knows; nothing
// where there is no such vector, or Byzantine nodes are among them.
std::vector<double> fiedler_entries(const NodeGraph& graph, NodeId receiver,
                                    const std::vector<NodeId>& senders) {
  const std::vector<double>& fiedler = graph.fiedler();
  std::vector<double> entries;
  const auto add = [&](NodeId node) {
    if (node.index < fiedler.size()) entries.push_back(fiedler[node.index]);
  };
  add(receiver);
  for (const NodeId sender : senders) add(sender);
  if (entries.size() != senders.size() + 1) entries.clear();
  return entries;
}

}  // namespace

void aim_at(NodeId receiver, const PendingSend& pending, const AdversaryView& view,
            Crafting& crafting) {
  const NodeGraph& graph = graph_of(pending, view);
  TargetView target = target_on_graph(receiver.index, pending, view);
  crafting.n = target.combined;
  crafting.f = target.byzantine();
  crafting.defence.f = static_cast<int>(graph.tolerated(receiver.index));
  if (view.scenario.knowledge == Knowledge::neighbourhood)
    see_neighbourhood(receiver, target, crafting);
  crafting.receiver = receiver.index;
  crafting.fiedler = fiedler_entries(graph, receiver, crafting.senders);
  crafting.target = std::move(target);
}

std::vector<float> craft(const Crafting& crafting, int half, std::span<std::byte> state) {
  // The nodes' vectors are forged side by side already, one task each.
  const Executor this_thread(1);
  std::vector<const float*> known;
  for (const Payload& each : crafting.honest) known.push_back(each.values().data());
  AttackInput<float> input{crafting.own.values(),
                           known,
                           crafting.n,
                           crafting.f,
                           crafting.parameters,
                           crafting.stream,
                           &crafting.defence,
                           this_thread,
                           half,
                           crafting.halves,
                           crafting.numbers,
                           crafting.visible,
                           state};
  if (!crafting.target) return crafting.attack.craft(input);
  std::vector<const float*> neighbours;
  for (const Payload& each : crafting.target->neighbours)
    neighbours.push_back(each.values().data());
  const AttackTarget<float> target = target_of(crafting, neighbours);
  input.target = &target;
  return crafting.attack.craft(input);
}

}  // namespace byzsim
