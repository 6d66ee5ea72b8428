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
  Payload own = {};                      ///< empty where it is not known (yet)
  std::vector<Payload> neighbours = {};  ///< of its honest neighbours, those that are known
  std::vector<double> weights = {};      ///< gossip weight of each of these at the receiver
  double byzantine_weight = 0;           ///< of all its Byzantine neighbours; above 0
  int combined = 1;                      ///< vectors that it combines, its own among them
  int byzantine = 0;                     ///< Byzantine ones among them
};

/// The graph along whose edges it travels.
const NodeGraph& graph_of(const PendingSend& pending, const AdversaryView& view);

/// The node that receives a pending send on the graph of its step.
TargetView target_on_graph(std::uint32_t node, const PendingSend& pending,
                           const AdversaryView& view);

}  // namespace byzsim
