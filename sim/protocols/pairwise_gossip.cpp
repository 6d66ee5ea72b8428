// Gossip in pairs on a graph (sim/nodes/pairwise_node.h).
#include "core/input/units.h"
#include "sim/nodes/pairwise_node.h"
#include "sim/protocols/graph_conditions.h"
#include "sim/protocols/protocol.h"

namespace byzsim::protocols_list {
namespace {

std::unique_ptr<Node> make_node_pairwise_gossip(const std::shared_ptr<const Workload>& workload,
                                                NodeId id) {
  const std::int64_t timeout = workload->scenario().protocol.parameters.duration_ns("timeout");
  return make_graph_node(workload, id,
                         [&] { return std::make_unique<PairwiseNode>(workload, id, timeout); });
}

}  // namespace

Protocol pairwise_gossip() {
  return {.declaration =
              {"pairwise_gossip",
               "decentralised, without rounds: after its step every node draws one neighbour, and "
               "both combine their two models",
               "randomised gossip, with gradients as in asynchronous decentralised SGD; a rule "
               "clips the partner around the own model",
               {duration("timeout", kSecond, 1, kLongestDuration,
                         "how long a node waits for its neighbour's answer")}},
          .resolve = quorums_of_graph,
          .check = check_graph,
          .make_node = make_node_pairwise_gossip,
          .fixed_quorums = false,
          .in_step = false,
          .one_role = true,
          .on_graph = true};
}

}  // namespace byzsim::protocols_list
