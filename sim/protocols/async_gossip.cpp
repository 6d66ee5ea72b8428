// Gossip without rounds on a graph: every node goes at its own pace
// (sim/nodes/async_gossip_node.h).
#include "sim/nodes/async_gossip_node.h"
#include "sim/protocols/graph_conditions.h"
#include "sim/protocols/protocol.h"

namespace byzsim::protocols_list {
namespace {

std::unique_ptr<Node> make_node_async_gossip(const std::shared_ptr<const Workload>& workload,
                                             NodeId id) {
  const Parameters& parameters = workload->scenario().protocol.parameters;
  std::optional<std::int64_t> staleness;
  if (!parameters.is_word("staleness")) staleness = parameters.integer("staleness");
  return make_graph_node(
      workload, id, [&] { return std::make_unique<AsyncGossipNode>(workload, id, staleness); });
}

}  // namespace

Protocol async_gossip() {
  return {
      .declaration =
          {"async_gossip",
           "decentralised, without rounds: every node steps, sends the result to its neighbours "
           "on the graph and combines it with what each of them sent last",
           "asynchronous decentralised SGD; combined by the rules of synchronous gossip",
           {integer("staleness", 1, 1, kLargestInteger,
                    "steps that a neighbour's model may be behind before it is left out")
                .or_default_word("any")}},
      .resolve = quorums_of_graph,
      .check = check_graph,
      .make_node = make_node_async_gossip,
      .fixed_quorums = false,
      .in_step = false,
      .one_role = true,
      .on_graph = true};
}

}  // namespace byzsim::protocols_list
