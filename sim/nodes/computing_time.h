// How long a node computes in simulated time.
#pragma once

#include <vector>

#include "sim/network/faults/fault.h"
#include "sim/nodes/workload.h"
#include "sim/world/node.h"

namespace byzsim {

/// Nanoseconds that an honest node in the place of `source` needs: the drawn time, what a batch's
/// examples or the rule's operations add to it, and the slowdown of stragglers; kEndOfTime
/// for what no int64 holds.
std::int64_t computing_time(const Workload& workload, const std::vector<Fault>& faults,
                            NodeId source, const Compute& compute, SimTime now);

}  // namespace byzsim
