// LEARN, decentralised: every node is server and worker at once (Garfield, DSN 2021; with averaging
// agreement, El-Mhamdi et al., NeurIPS 2021). /nodes describes how they aggregate models,
// /nodes/gradients how gradients. Node i computes on the share of worker i.
#include <algorithm>

#include "sim/nodes/idle_node.h"
#include "sim/nodes/learn_node.h"
#include "sim/protocols/protocol.h"
#include "sim/protocols/quorum_conditions.h"

namespace byzsim::protocols_list {
namespace {

Agreement agreement_of(const Scenario& scenario) {
  const Parameters& parameters = scenario.protocol.parameters;
  if (!parameters.flag("agreement")) return {.rounds = 0};
  if (parameters.is_word("agreement_rounds")) return {};
  return {.rounds = parameters.integer("agreement_rounds")};
}

void check_alone(const std::string& where, const Group& group, Issues& issues) {
  if (*group.quorum < 2)
    issues.push_back({where + "/quorum",
                      "a quorum of learn has the node itself and at least one other, not one node",
                      "use at least 2"});
}

void check_learn(const Scenario& scenario, Issues& issues) {
  const Group &servers = scenario.servers, &workers = scenario.workers;
  const std::string models = place_of_group(scenario, Role::server),
                    gradients = place_of_group(scenario, Role::worker);
  const std::size_t before = issues.size();
  if (!scenario.unsafe) {
    // Only that pair has a stronger condition: other rules, and no agreement, have that of a
    // majority.
    const bool mda = agreement_of(scenario).rounds != 0 && workers.aggregator.name == "mda";
    const std::string majority = "the honest ones must be the majority of a quorum";
    const GroupCondition condition = {3, 1, majority, 1, majority};
    const GroupCondition by_mda = {
        6, 1, "averaging agreement by MDA is proved for no fewer (NeurIPS 2021)", 1, majority};
    // Of the nodes themselves, whatever of them is aggregated.
    if (!check_count("LEARN", models, "nodes", mda ? by_mda : condition, servers, issues)) return;
    check_group_condition("LEARN", models, "nodes", condition, servers, issues);
    check_group_condition("LEARN", gradients, "nodes", condition, workers, issues);
    if (issues.size() > before) return;
  }
  check_alone(models, servers, issues);
  check_alone(gradients, workers, issues);
  // Every node aggregates its own vector, too; what has a loss is a model. Counts are the nodes'.
  Group of_gradients = workers;
  of_gradients.byzantine.actual = std::min(workers.byzantine.actual, workers.byzantine.declared);
  check_quorum_and_rule(models, "nodes", servers, scenario.unsafe, issues,
                        {.own = true, .losses = true});
  check_quorum_and_rule(gradients, "nodes", of_gradients, scenario.unsafe, issues, {.own = true});
}

std::unique_ptr<Node> make_node_learn(const std::shared_ptr<const Workload>& workload, NodeId id) {
  const Scenario& scenario = workload->scenario();
  if (id.role == Role::worker) return std::make_unique<IdleNode>(scenario.steps);
  return std::make_unique<LearnNode>(workload, id, agreement_of(scenario));
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
                 "of averaging agreement, for data that differ from node to node"),
            integer("agreement_rounds", 1, 1, 1000,
                    "rounds of agreement in every step; log: ceil(log2(t + 1)) in step t")
                .or_default_word("log")
                .omitted_at_default()
                .only_while("agreement", "true")}},
      .resolve = wait_for_n_minus_f,
      .check = check_learn,
      .make_node = make_node_learn,
      .fixed_quorums = false,
      .one_role = true};
}

}  // namespace byzsim::protocols_list
