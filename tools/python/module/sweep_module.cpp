// Sweeps: planned into a directory, run point by point from there, and merged there. Whatever a
// process needs to make a point it reads from the directory.
#include <filesystem>
#include <map>

#include "adversaries/plugins/plugin_library.h"
#include "core/input/printable.h"
#include "tools/python/module/input_errors.h"
#include "tools/python/module/interruption.h"
#include "tools/python/module/modules.h"
#include "tools/python/module/python_lock.h"
#include "tools/python/module/resolved_scenario.h"
#include "tools/sweep/merge_sweep.h"
#include "tools/sweep/run_sweep.h"
#include "tools/sweep/sweep_directory.h"
#include "tools/sweep/sweep_source.h"

namespace byzsim::python {
namespace {

namespace fs = std::filesystem;

SweepSource source_named(const std::string& name) {
  SweepSource source{{name, {}, {}, {}}, {}, {}};
  source.load = load_listed_plugins;
  return source;
}

// A shipped sweep or scenario or a file, or `text` where that is not empty, planned into the
// directory. Its notes.
Notes plan_into_directory(const std::string& name, const std::string& text,
                          const std::string& directory) {
  const OthersRun others_run;
  const SweepSource source = source_named(name);
  const Json json =
      text.empty() ? load_sweep_json(source) : sweep_json_of({text, "sweep", "sweep"}, source);
  const Plan plan = plan_of(load_sweep(source, json));
  prepare_directory(directory, json, plan);
  return notes_of(plan);
}

std::string points_text(const std::string& directory) {
  const Plan plan = read_plan(directory);
  Json points = Json::array();
  for (const Point& point : plan.points) {
    Json values = Json::object();
    for (std::size_t i = 0; i < plan.columns.size(); ++i) values[plan.columns[i]] = point.values[i];
    points.push_back({{"number", point.index},
                      {"id", point.id},
                      {"seed", point.seed},
                      {"values", values},
                      {"described", printable(describe(plan, point))}});
  }
  return points.dump();
}

Json numbers_of_points(const std::vector<const Point*>& points) {
  Json numbers = Json::array();
  for (const Point* point : points) numbers.push_back(point->index);
  return numbers;
}

std::string state_text(const std::string& directory) {
  const OthersRun others_run;
  const Plan plan = read_plan(directory);
  const SweepState state = state_of_sweep(directory, plan);
  Json failed = Json::array(), damage = Json::array();
  for (const Point* point : state.failed)
    failed.push_back({{"number", point->index}, {"error", read_failure(directory, point->id)}});
  for (const Issue& issue : state.damage) damage.push_back(to_string(issue));
  return Json({{"done", numbers_of_points(state.done)},
               {"failed", failed},
               {"missing", numbers_of_points(state.missing)},
               {"left", numbers_of_points(state.left())},
               {"damage", damage}})
      .dump(-1, ' ', false, Json::error_handler_t::replace);
}

void merge(const std::string& directory) {
  const OthersRun others_run;
  const Plan plan = read_plan(directory);
  // Of an incomplete sweep another process may still be making runs, in directories of such names.
  if (state_of_sweep(directory, plan).complete()) remove_leftovers(directory);
  merge_sweep(plan, directory);
}

// A directory's sweep, ready to make its points, several of them at a time.
class SweepRuns {
 public:
  explicit SweepRuns(const std::string& directory)
      : directory_(directory), plan_(read_plan(directory)) {
    const OthersRun others_run;
    const SweepSource source = source_named((directory_ / "sweep.json").string());
    sweep_ = load_sweep(source, load_sweep_json(source));
    for (const Point* point : distinct_runs(plan_)) by_number_[point->index] = point;
  }

  py::dict run(const std::vector<std::uint64_t>& numbers, int jobs, const py::object& ended) {
    check_this_thread();
    std::vector<const Point*> points;
    for (const std::uint64_t number : numbers) points.push_back(point_at(number));
    Interruption interruption;
    SweepJobs options{.jobs = jobs, .slice = {}, .quiet = true};
    options.stop = [&] { return interruption.stops(); };
    if (!ended.is_none())
      options.ended = [&] {
        const py::gil_scoped_acquire locked;
        interruption.call([&] { ended(); });
      };
    SweepOutcome outcome;
    // Copies of this process, in which runs with plugins are made, must not touch Python.
    work_unlocked(interruption, jobs > 1 || any_plugin_loaded(),
                  [&] { outcome = run_points(sweep_, points, directory_, options, memories_); });
    interruption.raise();
    return told(outcome);
  }

 private:
  const Point* point_at(std::uint64_t number) const {
    const auto found = by_number_.find(number);
    if (found == by_number_.end())
      refuse_argument("number", "the sweep has no point " + std::to_string(number),
                      "plan.jsonl lists them");
    return found->second;
  }
  static py::dict told(const SweepOutcome& outcome) {
    py::dict told;
    told["found"] = outcome.found;
    told["made"] = outcome.made;
    told["failed"] = outcome.failed;
    told["unused"] = outcome.unused;
    return told;
  }

  fs::path directory_;
  Plan plan_;
  Sweep sweep_;
  std::map<std::uint64_t, const Point*> by_number_;  // the first point of every id
  JobMemories memories_;
};

}  // namespace

void define_sweeps(py::module_& module) {
  module.def("plan_sweep", &plan_into_directory, py::arg("name"), py::arg("text"),
             py::arg("directory"));
  module.def("sweep_points", &points_text, py::arg("directory"));
  module.def("sweep_state", &state_text, py::arg("directory"));
  module.def("merge_sweep", &merge, py::arg("directory"));
  py::class_<SweepRuns>(module, "SweepRuns")
      .def(py::init<const std::string&>(), py::arg("directory"))
      .def("run", &SweepRuns::run, py::arg("numbers"), py::arg("jobs"), py::arg("ended"));
}

}  // namespace byzsim::python
