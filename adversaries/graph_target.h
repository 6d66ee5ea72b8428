// What the adversary knows of one receiver on a graph: its vector and those of its honest
// neighbours.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/run/adversary.h"
#include "sim/scenario/node_graph.h"

namespace byzsim {

/// The receiver of a vector, as far as the adversary's knowledge goes.
struct TargetView {
  Payload own = {};                       ///< empty where it is not known (yet)
  std::vector<Payload> neighbours = {};   ///< of its honest neighbours, those that are known
  std::vector<double> weights = {};       ///< gossip weight of each of these at the receiver
  std::vector<std::uint32_t> nodes = {};  ///< which node each of these is, ascending
  /// Of each of these among all its honest neighbours, known or not.
  std::vector<std::size_t> places = {};
  std::vector<double> byzantine_weights = {};  ///< of each Byzantine neighbour; above 0
  double own_weight = 0;  ///< of its own vector and of the honest neighbours that are not known
  bool equally = false;   ///< whether it weighs what it has alike, whatever is missing
  int combined = 1;       ///< vectors that it combines, its own among them

  int byzantine() const { return static_cast<int>(byzantine_weights.size()); }
  /// How many of its honest neighbours it combines.
  std::size_t honest() const { return static_cast<std::size_t>(combined - 1 - byzantine()); }
};

/// The graph along whose edges it travels.
const NodeGraph& graph_of(const PendingSend& pending, const AdversaryView& view);

/// The node that receives a pending send on the graph of its step.
TargetView target_on_graph(std::uint32_t node, const PendingSend& pending,
                           const AdversaryView& view);

}  // namespace byzsim
