// What the protocols on a graph share: their conditions are those of the graph and of the rule on
// it (sim/scenario/node_graph.h), and they use no quorums.
#pragma once

#include <functional>
#include <memory>

#include "core/input/issue.h"
#include "sim/nodes/workload.h"
#include "sim/world/node.h"

namespace byzsim {

/// Sets the quorums of a scenario, which nothing waits for, and the workers' group: every node is
/// one, too, with the share of the data of that index.
void quorums_of_graph(Scenario& scenario);

/// Makes the graphs, unless one is in a file, and adds an issue for each condition that does not
/// hold.
void check_graph(const Scenario& scenario, Issues& issues);

/// The state machine of a node: what `make` makes, or one that is idle where the role is not used.
std::unique_ptr<Node> make_graph_node(const std::shared_ptr<const Workload>& workload, NodeId id,
                                      const std::function<std::unique_ptr<Node>()>& make);

}  // namespace byzsim
