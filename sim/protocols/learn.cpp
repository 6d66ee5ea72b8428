// LEARN, decentralised: every node is server and worker at once (Garfield, DSN 2021; with averaging
// agreement, El-Mhamdi et al., NeurIPS 2021). Both groups of a scenario describe the same nodes:
// /workers how gradients are aggregated, /servers how models are. Node i computes on the share of
// worker i.
#include <fmt/format.h>

#include "sim/nodes/idle_node.h"
#include "sim/nodes/learn_node.h"
#include "sim/protocols/protocol.h"
#include "sim/protocols/quorum_conditions.h"

namespace byzsim::protocols_list {
namespace {

bool agrees(const Scenario& scenario) { return scenario.protocol.parameters.flag("agreement"); }

void check_equal(const std::string& where, std::int64_t workers, std::int64_t servers,
                 Issues& issues) {
  if (workers != servers)
    issues.push_back({where,
                      fmt::format("the nodes of learn are servers and workers at once, so that "
                                  "/workers and /servers must have equal counts, not {} and {}",
                                  workers, servers),
                      fmt::format("use {} in both", servers)});
}

void check_alone(const std::string& where, const Group& group, Issues& issues) {
  if (*group.quorum < 2)
    issues.push_back({where + "/quorum",
                      "a quorum of learn has the node itself and at least one other, not one node",
                      "use at least 2"});
}

void check_learn(const Scenario& scenario, Issues& issues) {
  const Group &servers = scenario.servers, &workers = scenario.workers;
  const std::size_t before = issues.size();
  check_equal("/workers/count", workers.count, servers.count, issues);
  check_equal("/workers/byzantine/declared", workers.byzantine.declared, servers.byzantine.declared,
              issues);
  check_equal("/workers/byzantine/actual", workers.byzantine.actual, servers.byzantine.actual,
              issues);
  if (issues.size() > before) return;  // what follows would say everything twice
  if (!scenario.unsafe) {
    // Only that pair has a stronger condition: other rules, and no agreement, have that of a
    // majority.
    const bool mda = agrees(scenario) && workers.aggregator.name == "mda";
    const std::string majority = "the honest ones must be the majority of a quorum";
    const GroupCondition condition = {3, 1, majority, 1, majority};
    const GroupCondition by_mda = {
        6, 1, "averaging agreement by MDA is proved for no fewer (NeurIPS 2021)", 1, majority};
    check_group_condition("LEARN", "/workers", "nodes", mda ? by_mda : condition, workers, issues);
    if (issues.size() == before)
      check_group_condition("LEARN", "/servers", "nodes", condition, servers, issues);
    if (issues.size() > before) return;
  }
  check_alone("/servers", servers, issues);
  check_alone("/workers", workers, issues);
  // Every node aggregates its own vector, too; what has a loss is a model.
  check_quorum_and_rule("/servers", "servers", servers, scenario.unsafe, issues,
                        {.own = true, .losses = true});
  check_quorum_and_rule("/workers", "workers", workers, scenario.unsafe, issues, {.own = true});
}

std::unique_ptr<Node> make_node_learn(const std::shared_ptr<const Workload>& workload, NodeId id) {
  const Scenario& scenario = workload->scenario();
  if (id.role == Role::worker) return std::make_unique<IdleNode>(scenario.steps);
  return std::make_unique<LearnNode>(workload, id, agrees(scenario));
}

}  // namespace

Protocol learn() {
  return {
      .declaration =
          {"learn",
           "asynchronous and decentralised: every node aggregates n - f gradients, steps, and "
           "aggregates n - f models",
           "LEARN of Garfield (Guerraoui et al., DSN 2021); El-Mhamdi et al., NeurIPS 2021",
           {flag("agreement", false,
                 "bring the aggregated gradients of step t together in ceil(log2(t + 1)) rounds "
                 "of averaging agreement, for data that differ from node to node")}},
      .resolve = wait_for_n_minus_f,
      .check = check_learn,
      .make_node = make_node_learn,
      .fixed_quorums = false,
      .one_role = true};
}

}  // namespace byzsim::protocols_list
