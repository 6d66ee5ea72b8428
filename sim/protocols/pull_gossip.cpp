// Gossip by pulls: every node asks neighbours that it draws in every step
// (sim/nodes/pull_gossip_node.h).
#include "core/input/units.h"
#include "sim/nodes/pull_gossip_node.h"
#include "sim/protocols/graph_conditions.h"
#include "sim/protocols/protocol.h"

namespace byzsim::protocols_list {
namespace {

std::unique_ptr<Node> make_node_pull_gossip(const std::shared_ptr<const Workload>& workload,
                                            NodeId id) {
  const Parameters& parameters = workload->scenario().protocol.parameters;
  return make_graph_node(workload, id, [&] {
    return std::make_unique<PullGossipNode>(workload, id, *drawn_peers(workload->scenario()),
                                            parameters.duration_ns("timeout"));
  });
}

}  // namespace

Protocol pull_gossip() {
  return {
      .declaration =
          {"pull_gossip",
           "decentralised, in rounds: every node steps, draws some of its neighbours, asks them "
           "for their results and combines these with its own",
           "RPEL (arXiv 2510.08311), whose graph is the complete one and whose draws are uniform; "
           "Byzantine peer sampling as a threat: GRANITE (arXiv 2504.17471)",
           {integer("peers", 5, 1, double(kMostNodes),
                    "s: neighbours that a node draws in every step, without replacement"),
            integer("identifiers", 1, 1, 1e6,
                    "biased peer sampling: every Byzantine node has that many identifiers among "
                    "those that a node draws from, an honest one has 1; a node is drawn once at "
                    "most")
                .omitted_at_default(),
            duration("timeout", kSecond, 1, kLongestDuration,
                     "how long a node waits for answers after it has asked")}},
      .resolve = quorums_of_graph,
      .check = check_graph,
      .make_node = make_node_pull_gossip,
      .fixed_quorums = false,
      .one_role = true,
      .on_graph = true};
}

}  // namespace byzsim::protocols_list
