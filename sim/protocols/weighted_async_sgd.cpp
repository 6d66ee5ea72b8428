// Asynchronous SGD by the latest gradients of all workers, aggregated at each arrival with the
// workers' numbers of gradients as weights (Dahan and Levy, as we understand them).
#include <fmt/format.h>

#include <algorithm>

#include "core/rules/rule.h"
#include "sim/nodes/async_worker.h"
#include "sim/nodes/weighted_async_server.h"
#include "sim/protocols/async_conditions.h"
#include "sim/protocols/protocol.h"
#include "sim/protocols/quorum_conditions.h"

namespace byzsim::protocols_list {
namespace {

std::int64_t fewest_latest(const Scenario& scenario) {
  return scenario.workers.count - scenario.workers.byzantine.declared;
}

void resolve_weighted_async_sgd(Scenario& scenario) {
  if (!scenario.servers.quorum) scenario.servers.quorum = 1;
  if (!scenario.workers.quorum) scenario.workers.quorum = fewest_latest(scenario);
}

// The first updates have the gradients of q workers, the later ones perhaps those of all.
void check_rule_of_latest(const Scenario& scenario, Issues& issues) {
  const Group& workers = scenario.workers;
  if (check_needs_of_rule("/workers", workers, {}, issues)) return;
  if (const std::int64_t most = rules().at(workers.aggregator.name).most_vectors;
      workers.count > most) {
    issues.push_back({"/workers/count",
                      fmt::format("{} takes at most {} vectors, and there are {} workers",
                                  workers.aggregator.name, most, workers.count),
                      "use fewer workers or another rule"});
    return;
  }
  for (std::int64_t n = fewest_latest(scenario); n <= workers.count; ++n)
    if (const auto broken = broken_condition(aggregation_of(workers), n, scenario.unsafe)) {
      issues.push_back({"/workers/aggregator",
                        fmt::format("{}, which is the number of workers that an update may have "
                                    "gradients of",
                                    *broken),
                        "use more workers or another rule, or declare fewer"});
      return;
    }
}

void check_weighted_async_sgd(const Scenario& scenario, Issues& issues) {
  const std::size_t before = issues.size();
  check_async_conditions(scenario, fewest_latest(scenario),
                         "the number of workers whose gradients the first update waits for",
                         issues);
  if (issues.size() == before) check_rule_of_latest(scenario, issues);
}

std::unique_ptr<Node> make_node_weighted_async_sgd(const std::shared_ptr<const Workload>& workload,
                                                   NodeId id) {
  if (id.role == Role::worker) return std::make_unique<AsyncWorker>(workload, id);
  return std::make_unique<WeightedAsyncServer>(
      workload, id, workload->scenario().protocol.parameters.real("averaging"));
}

Parameter averaging_parameter() {
  return real(
             "averaging", 1, 0, 1,
             "gamma: workers are given x <- (1 - gamma) x + gamma w, where w descends; 1: w itself")
      .above_low();
}

}  // namespace

Protocol weighted_async_sgd() {
  return {.declaration =
              {"weighted_async_sgd",
               "asynchronous, one trusted server: at each arrival a rule aggregates the latest "
               "gradient of every worker, weighted by how many it has sent",
               "asynchronous fault-tolerant training by Dahan and Levy and its code, as we "
               "understand them",
               {averaging_parameter()}},
          .resolve = resolve_weighted_async_sgd,
          .check = check_weighted_async_sgd,
          .make_node = make_node_weighted_async_sgd,
          .fixed_quorums = false,
          .in_step = false,
          .compresses = true,
          .algorithms = Algorithms::unmirrored};
}

}  // namespace byzsim::protocols_list
