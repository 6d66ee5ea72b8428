// GuanYu, the first version of ByzSGD (El-Mhamdi et al., arXiv 1905.03853 v1): a gather in every
// step. As we understand it; multi_krum is its rule for gradients.
#include "sim/nodes/server.h"
#include "sim/nodes/worker.h"
#include "sim/protocols/protocol.h"
#include "sim/protocols/quorum_conditions.h"

namespace byzsim::protocols_list {
namespace {

void check_guanyu(const Scenario& scenario, Issues& issues) {
  if (!scenario.unsafe) {
    const GroupCondition condition = {
        3, 3, "a quorum of 2f + 3 must complete without the f Byzantine ones", 3,
        "Multi-Krum and the median are proved on 2f + 3 vectors"};
    check_group_condition("GuanYu", "/servers", "servers", condition, scenario.servers, issues);
    check_group_condition("GuanYu", "/workers", "workers", condition, scenario.workers, issues);
  }
  check_quorum_and_rule("/servers", "servers", scenario.servers, scenario.unsafe, issues);
  check_quorum_and_rule("/workers", "workers", scenario.workers, scenario.unsafe, issues,
                        offered_for_gradients(scenario));
}

std::unique_ptr<Node> make_node_guanyu(const std::shared_ptr<const Workload>& workload, NodeId id) {
  if (id.role == Role::worker) return std::make_unique<Worker>(workload, id);
  constexpr std::int64_t every_step = 1;
  return std::make_unique<Server>(workload, id, every_step);
}

}  // namespace

Protocol guanyu() {
  return {.declaration = {"guanyu",
                          "asynchronous, replicated servers that gather in every step",
                          "El-Mhamdi et al., arXiv 1905.03853 v1 (2019), as we understand it",
                          {}},
          .resolve = wait_for_n_minus_f,
          .check = check_guanyu,
          .make_node = make_node_guanyu,
          .optimizes_at_server = true,
          .compresses = true,
          .algorithms = Algorithms::unmirrored};
}

}  // namespace byzsim::protocols_list
