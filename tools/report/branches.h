// Runs that share a beginning, as a report draws them: branches of one trunk (`byzsim branch`).
#pragma once

#include <optional>
#include <vector>

#include "core/input/json.h"
#include "sim/run/simulation.h"
#include "sim/scenario/scenario.h"
#include "tools/run/stored_run.h"

namespace byzsim {

/// Where a simulation is: {"event", "step", "simulated_seconds", "messages", "bytes"}, as
/// metrics.csv names them.
Json moment_json(const Simulation& simulation);

/// What a branch changes: [{"pointer", "trunk", "branch"}], null where there is no such value. A
/// strategy of another name is one change; names, summaries and expectations are none.
Json changes_of(const Scenario& trunk, const Scenario& branch);

/// The runs by the trunk that all of them have in common, one of which may be that run itself:
/// {"name", "scenario": of the trunk, "trunk": {"directory", "run", "metrics"} or null,
///  "branches": [{"directory", "run", "metrics", "changes", "parting": a moment}]}.
/// The trunk is replayed up to the last parting; nothing once the user interrupts that. Throws
/// InputError for runs without a common trunk, for a run that is given twice, and where rows of
/// metrics before a parting differ.
std::optional<Json> branches_json(const std::vector<StoredRun>& runs, int threads, bool quiet);

}  // namespace byzsim
