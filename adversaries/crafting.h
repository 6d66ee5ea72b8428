// One call of an attack in a run: all that it is given, by value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "adversaries/attacks/attack.h"
#include "adversaries/graph_target.h"

namespace byzsim {

/// The input of an attack, kept for a task that may begin when the send is gone.
struct Crafting {
  const Attack& attack;
  Parameters parameters;
  Payload own;
  std::vector<Payload> honest;
  std::vector<NodeId> senders;  // of these
  std::vector<int> halves;
  std::vector<std::size_t> numbers;
  std::size_t visible;
  int n, f;
  Stream stream;
  Aggregation defence;
  std::optional<TargetView> target = {};
  std::uint32_t receiver = 0;        // where there is a target
  std::vector<double> fiedler = {};  // the receiver's entry, then those of the senders
};

/// On a graph: aims the attack at one receiver. In place of the whole group, n and f are those of
/// what the receiver combines; an attack that knows a neighbourhood sees its vector, which has the
/// number 0, and those of its honest neighbours.
void aim_at(NodeId receiver, const PendingSend& pending, const AdversaryView& view,
            Crafting& crafting);

/// What the attack sends, where it assumes its receiver in that half of the nodes.
std::vector<float> craft(const Crafting& crafting, int half, std::span<std::byte> state = {});

}  // namespace byzsim
