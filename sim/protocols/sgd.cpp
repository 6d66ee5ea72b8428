// Synchronous SGD with one trusted server: the server waits for every worker and aggregates with
// any rule (with a robust one, the setting of AggregaThor, MLSys 2019; with `average`, vanilla
// SGD).
#include <fmt/format.h>

#include "sim/nodes/server.h"
#include "sim/nodes/worker.h"
#include "sim/protocols/protocol.h"
#include "sim/protocols/quorum_conditions.h"

namespace byzsim::protocols_list {
namespace {

void resolve_sgd(Scenario& scenario) {
  if (!scenario.servers.quorum) scenario.servers.quorum = 1;
  if (!scenario.workers.quorum) scenario.workers.quorum = scenario.workers.count;
}

void check_sgd(const Scenario& scenario, Issues& issues) {
  if (scenario.servers.count != 1)
    issues.push_back(
        {"/servers/count",
         fmt::format("the protocol sgd has one trusted server, not {}", scenario.servers.count),
         "use 1, or the protocol byzsgd for replicated servers"});
  if (scenario.servers.byzantine.declared != 0)
    issues.push_back({"/servers/byzantine/declared", "the one server of sgd is trusted",
                      "use 0, or the protocol byzsgd"});
  check_quorum_and_rule("/servers", "servers", scenario.servers, scenario.unsafe, issues);
  check_quorum_and_rule("/workers", "workers", scenario.workers, scenario.unsafe, issues,
                        offered_for_gradients(scenario));
}

std::unique_ptr<Node> make_node_sgd(const std::shared_ptr<const Workload>& workload, NodeId id) {
  if (id.role == Role::worker) return std::make_unique<Worker>(workload, id);
  constexpr std::int64_t never = 0;
  return std::make_unique<Server>(workload, id, never);
}

}  // namespace

Protocol sgd() {
  return {.declaration =
              {"sgd",
               "one trusted server, synchronous: it waits for every worker, with any rule",
               "AggregaThor (Damaskinos et al., MLSys 2019); vanilla SGD with the rule average",
               {}},
          .resolve = resolve_sgd,
          .check = check_sgd,
          .make_node = make_node_sgd,
          .optimizes_at_server = true,
          .compresses = true,
          .algorithms = Algorithms::all};
}

}  // namespace byzsim::protocols_list
