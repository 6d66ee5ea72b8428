#include "sim/protocols/graph_conditions.h"

#include "core/check.h"
#include "core/input/parameter_reader.h"
#include "core/rules/rule.h"
#include "sim/nodes/idle_node.h"
#include "sim/scenario/node_graph.h"

namespace byzsim {

void quorums_of_graph(Scenario& scenario) {
  Group& nodes = scenario.servers;
  nodes.quorum = 1;
  scenario.workers = {nodes.count,
                      nodes.byzantine,
                      nodes.quorum,
                      {},
                      default_choice(rules().declarations(), "average")};
}

void check_graph(const Scenario& scenario, Issues& issues) {
  if (scenario.protocol.name == "pairwise_gossip" && scenario.rushing)
    issues.push_back({"/adversary/rushing",
                      "nodes of pairwise_gossip have no step in common, in which others could send "
                      "before",
                      "leave it out"});
  // The edges of a file are looked at where the file is read: by the run (Workload).
  if (has_graph_without_files(scenario)) make_node_graphs(scenario, issues);
}

std::unique_ptr<Node> make_graph_node(const std::shared_ptr<const Workload>& workload, NodeId id,
                                      const std::function<std::unique_ptr<Node>()>& make) {
  if (id.role == Role::worker) return std::make_unique<IdleNode>(workload->scenario().steps);
  return make();
}

}  // namespace byzsim
