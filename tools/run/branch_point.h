// Where a branch leaves its trunk, with what was made on the way there.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/scenario/scenario.h"
#include "tools/run/moment_name.h"
#include "tools/run/replay.h"

namespace byzsim {

struct BranchPoint {
  std::uint64_t event = 0;  ///< how many events of the trunk have happened
  std::int64_t step = 0;    ///< that every honest server has reached by then
  MadeBefore made;          ///< for runs that begin there
};

/// Runs a replay, just made, as far as the moment. Throws InputError naming `option` where it ends
/// before.
BranchPoint reach(const MomentName& moment, Replay& replay, const std::string& option);

/// That of a moment ("step=200") or of a file with a snapshot of this trunk. Throws InputError
/// naming `option`.
BranchPoint point_named(const std::string& text, const Scenario& trunk, int threads,
                        const std::string& option);

/// The trunk with the changes ("/pointer=value"), which begins at that event of it. Throws
/// InputError for a change that no branch can make.
Scenario branch_of(const Scenario& trunk, std::uint64_t event,
                   const std::vector<std::string>& sets = {});

}  // namespace byzsim
