// Gossip in synchronous rounds on a graph: no node is a server (formulas and sources:
// sim/nodes/gossip_node.h).
#include "core/input/units.h"
#include "sim/nodes/gossip_node.h"
#include "sim/protocols/graph_conditions.h"
#include "sim/protocols/protocol.h"

namespace byzsim::protocols_list {
namespace {

std::unique_ptr<Node> make_node_gossip(const std::shared_ptr<const Workload>& workload, NodeId id) {
  const Parameters& parameters = workload->scenario().protocol.parameters;
  return make_graph_node(workload, id, [&] {
    return std::make_unique<GossipNode>(
        workload, id,
        GossipSettings{*from_word<Exchanged>(parameters.word("exchange")),
                       parameters.duration_ns("timeout")});
  });
}

}  // namespace

Protocol gossip() {
  return {
      .declaration =
          {"gossip",
           "decentralised, in rounds: every node steps, sends the result to its neighbours on "
           "the graph, waits for theirs and combines them with its own",
           "decentralised SGD as in ClippedGossip (He et al., 2022) and CS+ (Gaucher et al., "
           "ICML 2025); with \"models\" as in BRIDGE (Fang et al., 2022); with \"corrected\" as in "
           "exact diffusion (Yuan et al., 2019)",
           {word("exchange", words_of<Exchanged>(),
                 "what a node sends: its model after the step along its gradient; before it, "
                 "and the step starts from what the rule makes of the models; or after it and "
                 "corrected by the step before, as exact diffusion does"),
            duration("timeout", kSecond, 1, kLongestDuration,
                     "how long a node waits for its neighbours after it has sent")}},
      .resolve = quorums_of_graph,
      .check = check_graph,
      .make_node = make_node_gossip,
      .fixed_quorums = false,
      .one_role = true,
      .on_graph = true};
}

}  // namespace byzsim::protocols_list
