// How much waits at most for nodes that lag, as far as the scenario foretells it: an estimate from
// typical delays and computing times, within a factor of two where the tests measure it.
#pragma once

#include <string>

#include "core/input/issue.h"
#include "sim/nodes/workload.h"

namespace byzsim {

/// What vectors may wait for nodes that faults hold up, and the fault that holds up the most.
struct Backlog {
  double bytes = 0;
  std::string where;  ///< JSON pointer; empty: nothing waits
};

/// From how many steps the others make meanwhile, at typical delays and computing times, and what a
/// node needs of each: partitions and crashes while they last, stragglers over the whole run, loss
/// while a message is sent again. What no quorum needs is not counted, because it is dropped.
Backlog backlog_of(const Workload& workload);

/// What of the memory vectors that wait for nodes may take before they go to disk; bytes.
std::uint64_t waiting_limit(const Workload& workload);

/// What a user should know before the run about vectors that go to disk. Throws InputError where
/// the disk cannot hold them.
Notes foresee_backlog(const Workload& workload);

}  // namespace byzsim
