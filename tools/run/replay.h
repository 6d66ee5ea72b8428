// Runs a scenario from its first event to its last.
#pragma once

#include <functional>
#include <memory>

#include "adversaries/begin_run.h"
#include "adversaries/recorder.h"
#include "sim/results/results.h"
#include "sim/run/simulation.h"
#include "sim/scenario/scenario.h"
#include "tools/line/interrupt.h"
#include "tools/line/progress.h"

namespace byzsim {

/// What a run of the scenario trains, with data from $BYZSIM_DATA unless an earlier run `made` the
/// same. The executor outlives it. Throws InputError.
std::shared_ptr<const Workload> make_workload(const Scenario& scenario, const Executor& executor,
                                              std::shared_ptr<const MadeDataset> made = nullptr);

/// When a run of the scenario computes what it launches: functions of an interpreter are called one
/// at a time, in the order in which answers are used.
Launched launched_for(const Scenario& scenario);
/// The threads of one run of the scenario. With a plugin that keeps state one is all there is,
/// whatever `threads` says. Throws InputError where this process has used such a plugin in a run
/// before.
std::unique_ptr<Executor> executor_for(const Scenario& scenario, int threads);

/// What an earlier run has made, and serves again where it is what is asked for.
struct MadeBefore {
  std::shared_ptr<const MadeDataset> dataset = nullptr;
  std::shared_ptr<const TrunkState> trunk = nullptr;
};

/// A run with what it needs to live; members in the order of their dependence.
struct Replay {
  /// On executor_for(scenario, threads). Throws InputError for what cannot run.
  Replay(const Scenario& scenario, int threads, MadeBefore made = {});
  /// The same with every decision of the adversary kept in Simulation::record().
  Replay(const Scenario& scenario, int threads, RecordedVectors recorded, MadeBefore made = {});
  std::unique_ptr<Executor> executor;
  std::shared_ptr<const Workload> workload;
  std::shared_ptr<const TrunkState> trunk;  ///< of a branch
  Simulation simulation;
  Notes notes;  ///< what a user should know before the run

  /// For the next run.
  MadeBefore made() const { return {workload->made_dataset(), trunk}; }

 private:
  using MakeAdversary = std::function<std::unique_ptr<Adversary>(const Scenario&)>;
  Replay(const Scenario& scenario, int threads, const MakeAdversary& make, MadeBefore made);
};

/// Advances to the end of the run and finishes its metrics, showing every event to `see`. Whether
/// it came to its end rather than being interrupted by the user, which `stop` says. Throws what a
/// run throws: InputError, BrokenPromise of a plugin, std::bad_alloc.
bool advance_to_end(Replay& replay, Progress& progress,
                    const std::function<void(const Occurrence&)>& see,
                    const std::function<bool()>& stop = interrupted);

}  // namespace byzsim
