// Zeno++: asynchronous SGD with one trusted server that accepts the gradients along which the loss
// of its own examples is expected to fall. sim/nodes/zeno_filter.h has the test as we understand
// it.
#include "sim/nodes/async_server.h"
#include "sim/nodes/async_worker.h"
#include "sim/protocols/async_conditions.h"
#include "sim/protocols/protocol.h"

namespace byzsim::protocols_list {
namespace {

void check_zeno_plus_plus(const Scenario& scenario, Issues& issues) {
  if (scenario.root_examples == 0 && scenario.numbers == Numbers::real)
    issues.push_back({"/servers/root_examples",
                      "zeno_plus_plus compares gradients with those of examples that the server "
                      "holds itself, and it holds none",
                      "use at least 1"});
  check_one_at_a_time(scenario, issues);
}

std::unique_ptr<Node> make_node_zeno_plus_plus(const std::shared_ptr<const Workload>& workload,
                                               NodeId id) {
  if (id.role == Role::worker) return std::make_unique<AsyncWorker>(workload, id);
  return std::make_unique<AsyncServer>(workload, std::nullopt,
                                       ZenoFilter(workload->scenario().protocol.parameters));
}

}  // namespace

Protocol zeno_plus_plus() {
  return {
      .declaration =
          {"zeno_plus_plus",
           "asynchronous, one trusted server with examples of its own (/servers/root_examples): it "
           "applies each gradient, made as long as its own, along which their loss should fall",
           "Zeno++ (Xie et al., ICML 2020), as we understand it; defaults as in its public code",
           {real("rho", 0.001, 0, 1e6, "what a unit of squared norm costs, as a loss"),
            real("epsilon", 0, -1e6, 1e6, "by how much, times the rate, the loss may rise"),
            integer("refresh", 10, 1, 1e9,
                    "updates after which the server computes its own gradient again")},
           {"Zeno++"}},
      .resolve = resolve_one_at_a_time,
      .check = check_zeno_plus_plus,
      .make_node = make_node_zeno_plus_plus,
      .fixed_quorums = false,
      .in_step = false,
      .compresses = true,
      .algorithms = Algorithms::unmirrored};
}

}  // namespace byzsim::protocols_list
