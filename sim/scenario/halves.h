// The two halves of a role's nodes that schedulers keep apart and attacks tell different things.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sim/scenario/scenario.h"
#include "sim/world/node_id.h"

namespace byzsim {

/// 0 for the first half of the honest nodes of its role, 1 for the second (and for Byzantine
/// nodes, which belong to neither).
inline int half_of(const Scenario& scenario, NodeId node) {
  return 2 * std::int64_t{node.index} < scenario.group_of(node.role).correct() ? 0 : 1;
}

/// The same at a step of a run that follows a script.
inline int half_of(const Scenario& scenario, NodeId node, const Script& script, std::int64_t step) {
  const std::vector<std::int64_t>* half = first_half_at(script, step, node.role);
  if (half == nullptr) return half_of(scenario, node);
  return std::find(half->begin(), half->end(), std::int64_t{node.index}) != half->end() ? 0 : 1;
}

}  // namespace byzsim
