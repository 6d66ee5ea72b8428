// Runs from their first event to their last, and what they leave.
#include <filesystem>
#include <functional>
#include <map>
#include <optional>

#include "adversaries/known_strategies.h"
#include "sim/results/results.h"
#include "tools/python/module/input_errors.h"
#include "tools/python/module/interruption.h"
#include "tools/python/module/models.h"
#include "tools/python/module/modules.h"
#include "tools/python/module/resolved_scenario.h"
#include "tools/python/module/vectors.h"
#include "tools/run/replay.h"
#include "tools/run/stored_run.h"

namespace byzsim::python {
namespace {

// What a run has come to. Texts are the bytes of the files.
struct FinishedRun {
  RunFiles files;
  py::object interrupted = py::none();  // the exception, or None
  Notes notes;
  ModelsByServer models;
};

// Runs to its end or until it is interrupted. `show` is called under Python's lock, now and then
// and at the end.
void run_unlocked(const ResolvedScenario& resolved, int threads, Interruption& interruption,
                  const std::function<void(const Simulation&)>& show, const Json& foreign,
                  FinishedRun& finished) {
  const Progress clock("", 1, true);
  Replay replay(resolved.scenario, threads);
  Simulation& simulation = replay.simulation;
  finished.notes = replay.notes;
  const auto show_now = [&] { show(simulation); };
  bool interrupted = false;
  while (const Occurrence* occurrence = interrupted ? nullptr : simulation.advance()) {
    keep_models(*occurrence, finished.models);
    interrupted = interruption.stops(show_now);
  }
  simulation.finish();
  interruption.look(show_now);  // the last step, too
  const RunStatus status = interrupted ? RunStatus::interrupted : status_of(simulation);
  RunResult result = result_of(simulation, scenario_tables(), status, {clock.seconds(), threads});
  result.foreign = foreign;
  for (const UnusedSetting& each : result.unused)
    finished.notes.push_back(each.where + " has had no effect: " + each.why);
  finished.files = files_of(result);
  for (auto& [server, adopted] : finished.models)
    if (adopted.model.has_values()) adopted.model.values();
}

FinishedRun run_scenario(const ResolvedScenario& resolved, int threads, const py::object& progress,
                         const std::string& foreign) {
  if (threads < 1 || threads > 1024)
    refuse_argument("threads", "must be an integer in [1, 1024], not " + std::to_string(threads),
                    "give how many threads may compute");
  check_this_thread();
  const auto show = [&](const Simulation& simulation) {
    if (!progress.is_none()) progress(simulation.step(), simulation.workload().scenario().steps);
  };
  Interruption interruption;
  FinishedRun finished;
  work_unlocked(interruption, false, [&] {
    run_unlocked(resolved, threads, interruption, show, parse_json(foreign, "foreign"), finished);
  });
  finished.interrupted = interruption.reason();
  return finished;
}

void save_run(const std::string& directory, const RunFiles& files, bool replace) {
  const DirectoryState state = inspect_directory(directory, files.id);
  if (state == DirectoryState::other)
    refuse_argument("directory", directory + " contains something other than this run",
                    "choose another directory");
  if (state == DirectoryState::same_run && !replace) return;
  write_run(directory, files, state != DirectoryState::free);
}

// Sentences about what differs; none where the stored run was made again.
std::vector<std::string> verify_run(const std::string& directory, int threads) {
  check_this_thread();
  std::vector<std::string> different;
  Interruption interruption;
  work_unlocked(interruption, false, [&] {
    const StoredRun stored = read_stored_run(directory);
    Replay replay(stored.scenario, threads);
    while (!interruption.stops() && replay.simulation.advance() != nullptr) continue;
    if (interruption.stops()) return;
    replay.simulation.finish();
    different = differences(stored, replayed_result(stored, replay.simulation, {0, threads}));
  });
  interruption.raise();
  return different;
}

}  // namespace

void define_runs(py::module_& module) {
  py::class_<RunFiles>(module, "RunFiles")
      .def(py::init([](const std::string& run_json, const std::string& metrics,
                       const std::string& gathers, const std::string& digests,
                       const std::string& id) {
        return RunFiles{run_json, metrics, gathers, digests, id};
      }))
      .def_readonly("run_json", &RunFiles::run_json)
      .def_readonly("metrics_csv", &RunFiles::metrics_csv)
      .def_readonly("gathers_csv", &RunFiles::gathers_csv)
      .def_readonly("digests_csv", &RunFiles::digests_csv)
      .def_readonly("id", &RunFiles::id);
  py::class_<FinishedRun>(module, "FinishedRun")
      .def_readonly("files", &FinishedRun::files)
      .def_readonly("interrupted", &FinishedRun::interrupted)
      .def_readonly("notes", &FinishedRun::notes)
      .def_property_readonly(
          "models", [](const FinishedRun& finished) { return models_to_python(finished.models); });
  module.def("run", &run_scenario, py::arg("scenario"), py::arg("threads"), py::arg("progress"),
             py::arg("foreign"));
  module.def("save_run", &save_run, py::arg("directory"), py::arg("files"), py::arg("replace"));
  module.def("verify_run", &verify_run, py::arg("directory"), py::arg("threads"));
}

}  // namespace byzsim::python
