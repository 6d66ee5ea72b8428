// What goes wrong: the server is replicated and nothing else changes. Each replica hears its own
// quorum and they drift apart; workers average the models, so that a single Byzantine replica
// decides. The starting point of the paper's story (the talk's slide 9).
#include <fmt/format.h>

#include "sim/nodes/server.h"
#include "sim/nodes/worker.h"
#include "sim/protocols/protocol.h"
#include "sim/protocols/quorum_conditions.h"

namespace byzsim::protocols_list {
namespace {

void check_replicated_mean(const Scenario& scenario, Issues& issues) {
  if (scenario.servers.aggregator.name != "average")
    issues.push_back({"/servers/aggregator",
                      fmt::format("replicated_mean averages models and does not use {}",
                                  scenario.servers.aggregator.name),
                      "use average, or the protocol byzsgd"});
  // It promises nothing, so that nothing but what can be computed is asked of it.
  constexpr bool unsafe = true;
  check_quorum_and_rule("/servers", "servers", scenario.servers, unsafe, issues);
  check_quorum_and_rule("/workers", "workers", scenario.workers, unsafe, issues,
                        offered_for_gradients(scenario));
}

std::unique_ptr<Node> make_node_replicated_mean(const std::shared_ptr<const Workload>& workload,
                                                NodeId id) {
  if (id.role == Role::worker) return std::make_unique<Worker>(workload, id);
  constexpr std::int64_t never = 0;
  return std::make_unique<Server>(workload, id, never);
}

}  // namespace

Protocol replicated_mean() {
  return {.declaration =
              {"replicated_mean",
               "asynchronous, replicated servers whose models are averaged and never gathered: the "
               "naive replication that fails",
               "the talk of PODC 2020, slide 9, as we understand it",
               {}},
          .resolve = wait_for_n_minus_f,
          .check = check_replicated_mean,
          .make_node = make_node_replicated_mean,
          .optimizes_at_server = true,
          .compresses = true,
          .algorithms = Algorithms::unmirrored};
}

}  // namespace byzsim::protocols_list
