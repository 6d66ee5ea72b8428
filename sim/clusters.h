// The two halves of a role's nodes that schedulers keep apart and attacks tell different things.
#pragma once

#include <cstdint>

#include "sim/node_id.h"
#include "sim/scenario.h"

namespace byzsim {

/// 0 for the first half of the correct nodes of its role, 1 for the second (and for Byzantine
/// nodes, which belong to neither).
inline int cluster_of(const Scenario& scenario, NodeId node) {
  const Group& group = node.role == Role::server ? scenario.servers : scenario.workers;
  return 2 * std::int64_t{node.index} < group.correct() ? 0 : 1;
}

}  // namespace byzsim
