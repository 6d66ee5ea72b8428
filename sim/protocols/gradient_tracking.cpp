// Gradient tracking on a graph (formulas: sim/nodes/tracking_node.h).
#include "core/input/units.h"
#include "sim/nodes/tracking_node.h"
#include "sim/protocols/graph_conditions.h"
#include "sim/protocols/protocol.h"

namespace byzsim::protocols_list {
namespace {

std::unique_ptr<Node> make_node_gradient_tracking(const std::shared_ptr<const Workload>& workload,
                                                  NodeId id) {
  const std::int64_t timeout = workload->scenario().protocol.parameters.duration_ns("timeout");
  return make_graph_node(workload, id,
                         [&] { return std::make_unique<TrackingNode>(workload, id, timeout); });
}

}  // namespace

Protocol gradient_tracking() {
  return {.declaration =
              {"gradient_tracking",
               "decentralised, in rounds: every node exchanges its model and a vector that follows "
               "the mean gradient of all nodes, and descends along the latter",
               "gradient tracking with received vectors combined by a rule, as in GT-PD "
               "(arXiv 2604.00449) by clipping",
               {duration("timeout", kSecond, 1, kLongestDuration,
                         "how long a node waits for its neighbours after it has sent")}},
          .resolve = quorums_of_graph,
          .check = check_graph,
          .make_node = make_node_gradient_tracking,
          .fixed_quorums = false,
          .one_role = true,
          .on_graph = true};
}

}  // namespace byzsim::protocols_list
