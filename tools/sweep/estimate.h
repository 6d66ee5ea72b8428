// What a sweep will take, from the first steps of a few of its runs.
#pragma once

#include <vector>

#include "tools/sweep/sweep.h"

namespace byzsim {

/// Taken with the real clock; nothing of it reaches a result.
struct SweepEstimate {
  std::size_t timed = 0;  ///< runs whose first steps were timed
  double seconds = 0;     ///< of all runs, one after the other on one thread
  double bytes = 0;       ///< of their files
};

/// Begins a few of the runs, evenly chosen: each is set up and runs for a fraction of a second, at
/// least one step, and is taken to go on like that. Throws InputError naming a run that cannot
/// begin.
SweepEstimate estimate_of(const Sweep& sweep, const Plan& plan,
                          const std::vector<const Point*>& runs);

}  // namespace byzsim
