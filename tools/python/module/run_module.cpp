// Runs from their first event to their last, and what they leave.
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>

#include "adversaries/known_strategies.h"
#include "sim/results/results.h"
#include "tools/python/module/input_errors.h"
#include "tools/python/module/interpreter.h"
#include "tools/python/module/models.h"
#include "tools/python/module/modules.h"
#include "tools/python/module/resolved_scenario.h"
#include "tools/python/module/vectors.h"
#include "tools/run/replay.h"
#include "tools/run/stored_run.h"

namespace byzsim::python {
namespace {

using Clock = std::chrono::steady_clock;

// How often Python is asked whether somebody has pressed Ctrl-C, and told how far the run is.
constexpr std::chrono::milliseconds kLook(50);

// Asks Python now and then, from a thread that does not hold its lock.
class Watch {
 public:
  Watch(py::object progress, py::object interrupted)
      : progress_(std::move(progress)), interrupted_(std::move(interrupted)) {}

  /// Whether the run is to end. Throws what `progress` throws.
  bool stops(const Simulation& simulation) {
    check_interpreter_goes_on();
    const Clock::time_point now = Clock::now();
    if (now - looked_ < kLook) return false;
    looked_ = now;
    const py::gil_scoped_acquire locked;
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    show(simulation);
    return py::bool_(interrupted_());
  }
  /// Under Python's lock.
  void show(const Simulation& simulation) const {
    if (!progress_.is_none()) progress_(simulation.step(), simulation.workload().scenario().steps);
  }
  double seconds() const { return std::chrono::duration<double>(Clock::now() - begun_).count(); }

 private:
  py::object progress_, interrupted_;
  Clock::time_point begun_ = Clock::now(), looked_ = begun_;
};

// What a run has come to. Texts are the bytes of the files.
struct FinishedRun {
  RunFiles files;
  bool interrupted = false;
  Notes notes;
  ModelsByServer models;
};

FinishedRun run_scenario(const ResolvedScenario& resolved, int threads, const py::object& progress,
                         const py::object& interrupted, const std::string& foreign) {
  if (threads < 1 || threads > 1024)
    refuse_argument("threads", "must be an integer in [1, 1024], not " + std::to_string(threads),
                    "give how many threads may compute");
  check_this_thread();
  Watch watch(progress, interrupted);
  FinishedRun finished;
  const OthersRun others_run;
  Replay replay(resolved.scenario, threads);
  finished.notes = replay.notes;
  while (!finished.interrupted) {
    const Occurrence* occurrence = replay.simulation.advance();
    if (occurrence == nullptr) break;
    keep_models(*occurrence, finished.models);
    finished.interrupted = watch.stops(replay.simulation);
  }
  replay.simulation.finish();
  {
    const py::gil_scoped_acquire locked;
    watch.show(replay.simulation);  // the last step, too
  }
  const RunStatus status =
      finished.interrupted ? RunStatus::interrupted : status_of(replay.simulation);
  RunResult result =
      result_of(replay.simulation, scenario_tables(), status, {watch.seconds(), threads});
  result.foreign = parse_json(foreign, "foreign");
  for (const UnusedSetting& each : result.unused)
    finished.notes.push_back(each.where + " has had no effect: " + each.why);
  finished.files = files_of(result);
  for (auto& [server, adopted] : finished.models)
    if (adopted.model.has_values()) adopted.model.values();
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
  const OthersRun others_run;
  const StoredRun stored = read_stored_run(directory);
  Replay replay(stored.scenario, threads);
  while (replay.simulation.advance() != nullptr) check_interpreter_goes_on();
  replay.simulation.finish();
  return differences(stored, replayed_result(stored, replay.simulation, {0, threads}));
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
             py::arg("interrupted"), py::arg("foreign"));
  module.def("save_run", &save_run, py::arg("directory"), py::arg("files"), py::arg("replace"));
  module.def("verify_run", &verify_run, py::arg("directory"), py::arg("threads"));
}

}  // namespace byzsim::python
