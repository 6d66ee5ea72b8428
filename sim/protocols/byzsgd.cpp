// ByzSGD, asynchronous (El-Mhamdi et al., PODC 2020): replicated servers, each hearing its own
// quorum of workers, brought together every T steps by a median among servers.
//
// T = 1 / (3 l eta_1): one step multiplies the distance between servers by at most 1 + 3 eta l (two
// MDA outputs differ by at most three diameters of the honest gradients), so that T steps stay
// below a factor e. As we understand the paper; the public code has T = int(1 / (3 l rate)).
#include <algorithm>
#include <cmath>

#include "core/rates/rate.h"
#include "sim/nodes/server.h"
#include "sim/nodes/worker.h"
#include "sim/protocols/protocol.h"
#include "sim/protocols/quorum_conditions.h"

namespace byzsim::protocols_list {
namespace {

std::int64_t gather_period(const Scenario& scenario) {
  const Parameters& parameters = scenario.protocol.parameters;
  if (!parameters.is_word("gather_period")) return parameters.integer("gather_period");
  // Of step 0: T is fixed before the run, as the paper's is, and does not follow the learning
  // rate.
  const double rate = rates().at(scenario.rate.name).rate(scenario.rate.parameters, 0);
  const double period = std::floor(1.0 / (3.0 * parameters.real("lipschitz") * rate));
  // A tiny rate gives a T that no int64 holds, a large one gives 0, which would mean no gather.
  return static_cast<std::int64_t>(std::clamp(period, 1.0, 1e9));
}

void resolve_byzsgd(Scenario& scenario) {
  wait_for_n_minus_f(scenario);
  scenario.protocol.parameters.set("gather_period", gather_period(scenario));
}

void check_byzsgd(const Scenario& scenario, Issues& issues) {
  if (!scenario.unsafe) {
    check_group_condition("ByzSGD", "/servers", "servers",
                          {3, 2,
                           "a quorum may miss f honest servers and hold f Byzantine ones, and the "
                           "median contracts only with f + 2 honest ones in it",
                           2,
                           "with fewer, f Byzantine values can pin the median on the smallest or "
                           "largest honest one"},
                          scenario.servers, issues);
    check_group_condition("ByzSGD", "/workers", "workers", correct_majority_of_gradients(),
                          scenario.workers, issues);
  }
  check_quorum_and_rule("/servers", "servers", scenario.servers, scenario.unsafe, issues);
  check_quorum_and_rule("/workers", "workers", scenario.workers, scenario.unsafe, issues,
                        offered_for_gradients(scenario));
}

std::unique_ptr<Node> make_node_byzsgd(const std::shared_ptr<const Workload>& workload, NodeId id) {
  if (id.role == Role::worker) return std::make_unique<Worker>(workload, id);
  return std::make_unique<Server>(
      workload, id, workload->scenario().protocol.parameters.integer("gather_period"));
}

Parameter gather_period_parameter() {
  return integer("gather_period", 1, 1, 1e9,
                 "T: steps between two gathers; auto: 1 / (3 * lipschitz * initial learning rate), "
                 "rounded down, and at least 1")
      .or_default_word("auto");
}

}  // namespace

Protocol byzsgd() {
  return {
      .declaration =
          {"byzsgd",
           "asynchronous, replicated servers: scatter with a robust rule, gather with the median "
           "every T steps",
           "El-Mhamdi et al., PODC 2020 (arXiv 1905.03853), as we understand it",
           {gather_period_parameter(),
            real("lipschitz", 1, 0, 1e12, "l: Lipschitz constant of the gradient, for auto")
                .above_low()}},
      .resolve = resolve_byzsgd,
      .check = check_byzsgd,
      .make_node = make_node_byzsgd,
      .optimizes_at_server = true,
      .compresses = true,
      .algorithms = Algorithms::unmirrored,
      .gathers = true};
}

}  // namespace byzsim::protocols_list
