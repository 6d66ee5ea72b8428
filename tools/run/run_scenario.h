// Makes a run of a scenario into its directory, or shows the one that is there; the exit code says
// what came of it.
#pragma once

#include <optional>
#include <string>

#include "sim/scenario/scenario.h"
#include "tools/line/command.h"
#include "tools/run/replay.h"

namespace byzsim {

/// How a run is to be made, as typed.
struct RunOptions {
  int threads = 1;
  std::string out;  ///< empty: the default place
  bool json = false;
  bool force = false;
  std::string trace;                         ///< a file; empty: none
  std::string record;                        ///< the same
  std::string record_vectors = "reference";  ///< or "value"
  std::optional<std::string> models;         ///< "end" or "every=N"
  std::string snapshot_every = "60s";
  int snapshots_kept = 1;
};

/// The options of all that is in them.
void offer_run_options(CommandOptions& options, RunOptions& own);

/// The run as it is before its first event, with a record where one is asked for.
Replay replay_for(const Scenario& scenario, const RunOptions& own, MadeBefore made = {});

/// `read_from` is the file of the scenario, which no output may overwrite; `made` is used where it
/// serves. Throws InputError, and what a run throws.
int run_scenario(Scenario scenario, const RunOptions& own, const CommonOptions& common,
                 const std::string& read_from, MadeBefore made = {});

}  // namespace byzsim
