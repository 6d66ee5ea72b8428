// Kardam (Damaskinos et al., ICML 2018): asynchronous SGD with one trusted server that filters the
// gradients. sim/nodes/kardam_filter.h has the filters as we understand them.
#include <fmt/format.h>

#include "sim/nodes/async_server.h"
#include "sim/nodes/async_worker.h"
#include "sim/nodes/damping.h"
#include "sim/protocols/async_conditions.h"
#include "sim/protocols/protocol.h"

namespace byzsim::protocols_list {
namespace {

void check_kardam(const Scenario& scenario, Issues& issues) {
  const std::int64_t n = scenario.workers.count, f = scenario.workers.byzantine.declared;
  if (!scenario.unsafe && n <= 3 * f)
    issues.push_back(
        {"/workers/count",
         fmt::format("Kardam needs n > 3f workers: only with n - f >= 2f + 1 can the honest ones "
                     "alone make 2f + 1 updates in turn; here n = {} and f = {}",
                     n, f),
         fmt::format("use at least {} workers or declare fewer Byzantine ones, or set \"unsafe\": "
                     "true to permit this",
                     3 * f + 1)});
  check_one_at_a_time(scenario, issues);
}

std::unique_ptr<Node> make_node_kardam(const std::shared_ptr<const Workload>& workload, NodeId id) {
  if (id.role == Role::worker) return std::make_unique<AsyncWorker>(workload, id);
  const Group& workers = workload->scenario().workers;
  return std::make_unique<AsyncServer>(workload,
                                       KardamFilter(workers.count, workers.byzantine.declared));
}

}  // namespace

Protocol kardam() {
  return {
      .declaration =
          {"kardam",
           "asynchronous, one trusted server: it applies each gradient that passes a Lipschitz and "
           "a frequency filter",
           "Kardam (Damaskinos et al., ICML 2018), as we understand it", damping_parameters()},
      .resolve = resolve_one_at_a_time,
      .check = check_kardam,
      .make_node = make_node_kardam,
      .fixed_quorums = false,
      .in_step = false,
      .compresses = true,
      .algorithms = Algorithms::unmirrored};
}

}  // namespace byzsim::protocols_list
