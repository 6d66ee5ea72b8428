// Asynchronous SGD with one trusted server: every gradient is applied when it arrives, whoever sent
// it, and its worker goes on with the new model. It tolerates no Byzantine worker.
#include "sim/nodes/async_server.h"
#include "sim/nodes/async_worker.h"
#include "sim/nodes/damping.h"
#include "sim/protocols/async_conditions.h"
#include "sim/protocols/protocol.h"

namespace byzsim::protocols_list {
namespace {

std::unique_ptr<Node> make_node_async_sgd(const std::shared_ptr<const Workload>& workload,
                                          NodeId id) {
  if (id.role == Role::worker) return std::make_unique<AsyncWorker>(workload, id);
  return std::make_unique<AsyncServer>(workload, std::nullopt);
}

}  // namespace

Protocol async_sgd() {
  return {
      .declaration =
          {"async_sgd",
           "asynchronous, one trusted server: it applies each gradient when it arrives, without a "
           "rule",
           "the baseline of Kardam (Damaskinos et al., ICML 2018)", damping_parameters()},
      .resolve = resolve_one_at_a_time,
      .check = check_one_at_a_time,
      .make_node = make_node_async_sgd,
      .fixed_quorums = false,
      .in_step = false,
      .compresses = true,
      .algorithms = Algorithms::unmirrored};
}

}  // namespace byzsim::protocols_list
