// State machine replication: the replicas agree on the gradients of each step by consensus.
#include "core/input/units.h"
#include "sim/nodes/consensus_server.h"
#include "sim/nodes/worker.h"
#include "sim/protocols/protocol.h"
#include "sim/protocols/quorum_conditions.h"

namespace byzsim::protocols_list {
namespace {

void check_consensus_sgd(const Scenario& scenario, Issues& issues) {
  // Agreement on gradients keeps replicas equal; it does not make them so.
  if (!scenario.start.empty())
    issues.push_back({"/servers/start", "replicas that agree on every step must start equal",
                      "leave it out, or use the protocol byzsgd"});
  if (!scenario.unsafe) {
    check_group_condition(
        "Byzantine consensus", "/servers", "servers",
        {3, 1, "no partially synchronous consensus tolerates a third of Byzantine nodes", 1,
         "workers trust a majority of honest servers"},
        scenario.servers, issues);
    check_group_condition("Byzantine consensus", "/workers", "workers",
                          correct_majority_of_gradients(), scenario.workers, issues);
  }
  check_quorum_and_rule("/servers", "servers", scenario.servers, scenario.unsafe, issues);
  check_quorum_and_rule("/workers", "workers", scenario.workers, scenario.unsafe, issues);
}

std::unique_ptr<Node> make_node_consensus_sgd(const std::shared_ptr<const Workload>& workload,
                                              NodeId id) {
  if (id.role == Role::worker) return std::make_unique<Worker>(workload, id);
  return std::make_unique<ConsensusServer>(
      workload, id, workload->scenario().protocol.parameters.duration_ns("timeout"));
}

}  // namespace

Protocol consensus_sgd() {
  return {.declaration =
              {"consensus_sgd",
               "replicated servers that agree on every step's gradients by leader-based Byzantine "
               "consensus",
               "PBFT (Castro and Liskov, OSDI 1999) on each step; the talk of PODC 2020, slides "
               "7-8, as we "
               "understand them",
               {duration("timeout", 200 * kMillisecond, 1, kLongestDuration,
                         "until replicas give up on a leader; doubles with every view of a step")}},
          .resolve = wait_for_n_minus_f,
          .check = check_consensus_sgd,
          .make_node = make_node_consensus_sgd};
}

}  // namespace byzsim::protocols_list
