// How long a node computes in simulated time. The real time of a computation has no part in it.
//
// A gradient takes the drawn time of the scenario plus a time per example of its batch, and each
// local step takes that again; an aggregation takes the drawn time plus its rule's operations at
// the scenario's rate. The operations follow from the growth that the rule declares
// (core/rules/rule.h).
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
