#include "tools/run/replay.h"

#include <algorithm>

#include "adversaries/coalition.h"
#include "adversaries/plugins/plugin_library.h"
#include "core/input/issue.h"
#include "sim/run/backlog.h"
#include "sim/scenario/scenario_inputs.h"
#include "tools/input/scenario_source.h"

namespace byzsim {

Launched launched_for(const Scenario& scenario) {
  const bool in_order = std::any_of(scenario.plugins.begin(), scenario.plugins.end(),
                                    [](const PluginFile& each) { return each.is_interpreted(); });
  return in_order ? Launched::when_asked : Launched::soon;
}

// What a plugin keeps between calls would make a run depend on others in the process, and on the
// order in which threads call.
std::unique_ptr<Executor> executor_for(const Scenario& scenario, int threads) {
  const std::vector<PluginFile>& plugins = scenario.plugins;
  const auto stateful = std::find_if(plugins.begin(), plugins.end(), keeps_state);
  if (stateful != plugins.end() && !claim_state())
    throw InputError({"plugin " + stateful->file,
                      "declares that it keeps state, and this process has used it in a run before",
                      "make each run by byzsim run, or by byzsim sweep run"});
  return std::make_unique<Executor>(stateful == plugins.end() ? threads : 1,
                                    launched_for(scenario));
}

std::shared_ptr<const Workload> make_workload(const Scenario& scenario, const Executor& executor,
                                              std::shared_ptr<const MadeDataset> made) {
  auto workload = std::make_shared<const Workload>(scenario, executor, data_root(),
                                                   poisoning_of(scenario), std::move(made));
  const std::vector<InputFile> now =
      scenario.inputs.empty() ? scenario.inputs : inputs_of(scenario, data_root(), read_input_file);
  // After reading: a file that was written meanwhile has another digest than the one in the id.
  for (const std::string& changed : changed_inputs(scenario.inputs, now))
    throw InputError({"", changed, "run it again when nothing writes to the file"});
  return workload;
}

Replay::Replay(const Scenario& scenario, int threads, MadeBefore made)
    : Replay(scenario, threads, make_adversary, std::move(made)) {}

Replay::Replay(const Scenario& scenario, int threads, RecordedVectors recorded, MadeBefore made)
    : Replay(
          scenario, threads,
          [recorded](const Scenario& each) {
            return std::make_unique<Recorder>(*make_coalition(each), recorded);
          },
          std::move(made)) {}

Replay::Replay(const Scenario& scenario, int threads, const MakeAdversary& make, MadeBefore made)
    : executor(executor_for(scenario, threads)),
      workload(make_workload(scenario, *executor, std::move(made.dataset))),
      trunk(std::move(made.trunk)),
      simulation(begin_run(workload,
                           {[this](const Scenario& each, const Executor& on) {
                              return make_workload(each, on, workload->made_dataset());
                            },
                            make},
                           trunk)),
      notes(foresee_backlog(*workload)) {}

bool advance_to_end(Replay& replay, Progress& progress,
                    const std::function<void(const Occurrence&)>& see,
                    const std::function<bool()>& stop) {
  bool ended = true;
  while (const auto occurrence = replay.simulation.advance()) {
    // Before the interruption counts: the event has happened, and a trace must not lack it.
    see(*occurrence);
    if (stop()) {
      ended = false;
      break;
    }
    // Which step that is takes asking every server.
    if (occurrence->kind() == EventKind::computed && progress.is_due())
      progress.show(double(replay.simulation.step()));
  }
  // Interrupted or not: the rows so far wait for metrics that are still being evaluated.
  replay.simulation.finish();
  return ended;
}

}  // namespace byzsim
