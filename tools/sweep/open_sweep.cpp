#include "tools/sweep/open_sweep.h"

#include "core/input/issue.h"
#include "tools/line/output.h"
#include "tools/sweep/sweep_directory.h"
#include "tools/sweep/sweep_source.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

void refuse_changes(const Options& options) {
  const SweepOptions& asked = options.sweep;
  if (options.scenario.sets.empty() && asked.axes.empty() && !asked.repeat && options.out.empty())
    return;
  throw InputError({options.scenario.name, "a sweep that has begun cannot be changed",
                    "leave out --set, --axis, --repeat and --out, or give its file instead"});
}

// A directory hides no shipped name; "./name" is the directory.
bool names_directory(const Options& options) {
  return fs::is_directory(options.scenario.name) && !is_shipped(options.scenario.name);
}

}  // namespace

OpenSweep open_sweep(const Options& options) {
  SweepSource source{options.scenario, options.sweep.axes, options.sweep.repeat};
  fs::path directory = options.out;
  if (names_directory(options)) {
    refuse_changes(options);
    directory = options.scenario.name;
    read_plan(directory);  // says what is wrong with a directory that holds no sweep
    source.file.name = (directory / "sweep.json").string();
    source.file.plugins.clear();  // it lists its own
  }
  const Json json = load_sweep_json(source);
  const Sweep sweep = load_sweep(source, json);
  const Plan plan = plan_of(sweep);
  for (const std::string& note : notes_of(plan)) tell("note: {}\n", note);
  if (directory.empty()) directory = default_sweep_directory(sweep, plan);
  return {json, sweep, plan, directory};
}

fs::path sweep_directory(const Options& options) {
  if (!names_directory(options)) return open_sweep(options).directory;
  refuse_changes(options);
  return options.scenario.name;
}

}  // namespace byzsim
