// The two halves of a role's nodes, which schedulers keep apart and attacks send different vectors
// to.
//
// A gather contracts in expectation only: where the network lets two groups of honest servers each
// receive from their own group first, it need not contract at all. The proof excludes this by a
// positive probability of every delivering configuration (El-Mhamdi et al., PODC 2020, as we
// understand it). On a graph the halves are the two sides of its bottleneck, the Fiedler cut
// (core/graphs/fiedler_cut.h), of the first
// graph where there are several. A script may form other halves, from a step on.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/scenario/node_graph.h"
#include "sim/scenario/scenario.h"
#include "sim/world/node_id.h"

namespace byzsim {

/// 0 for the first half of the honest nodes of its role, 1 for the second (and for Byzantine
/// nodes, which belong to neither). On a graph: its side of the cut.
/// Halves stay what they are while the graph changes.
inline int half_of(const Scenario& scenario, NodeId node) {
  if (scenario.graphs) return scenario.graphs->first().side(node.index);
  return 2 * std::int64_t{node.index} < scenario.group_of(node.role).correct() ? 0 : 1;
}

/// The same at a step of a run that follows a script.
inline int half_of(const Scenario& scenario, NodeId node, const Script& script, std::int64_t step) {
  const std::vector<std::int64_t>* half = first_half_at(script, step, node.role);
  if (half == nullptr) return half_of(scenario, node);
  return std::find(half->begin(), half->end(), std::int64_t{node.index}) != half->end() ? 0 : 1;
}

}  // namespace byzsim
