#include "tools/sweep/open_sweep.h"

#include "core/input/issue.h"
#include "tools/line/output.h"
#include "tools/sweep/sweep_directory.h"
#include "tools/sweep/sweep_source.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

void refuse_changes(const SweepOptions& asked) {
  if (asked.sets.empty() && asked.axes.empty() && !asked.repeat && asked.out.empty()) return;
  throw InputError({asked.name, "a sweep that has begun cannot be changed",
                    "leave out --set, --axis, --repeat and --out, or give its file instead"});
}

// A directory hides no shipped name; "./name" is the directory.
bool names_directory(const SweepOptions& asked) {
  return fs::is_directory(asked.name) && !is_shipped(asked.name);
}

}  // namespace

MadeSweep made_sweep(const SweepOptions& asked, const CommonOptions& common) {
  if (!names_directory(asked)) {
    OpenSweep open = open_sweep(asked, common);
    return {std::move(open.sweep.axes), std::move(open.plan), std::move(open.directory)};
  }
  refuse_changes(asked);
  const fs::path directory = asked.name;
  Plan plan = read_plan(directory);
  const SweepSource source{{(directory / "sweep.json").string(), {}, {}, {}}, {}, {}};
  return {load_sweep(source, load_sweep_json(source)).axes, std::move(plan), directory};
}

OpenSweep open_sweep(const SweepOptions& asked, const CommonOptions& common) {
  SweepSource source{{asked.name, asked.sets, {}, common.plugins}, asked.axes, asked.repeat};
  fs::path directory = asked.out;
  // The directory keeps the whole sweep: it goes on although the scenario's file has changed or
  // gone.
  if (names_directory(asked)) {
    refuse_changes(asked);
    directory = asked.name;
    read_plan(directory);  // says what is wrong with a directory that holds no sweep
    source.file.name = (directory / "sweep.json").string();
    source.file.plugins.clear();  // it lists its own
  }
  const Json json = load_sweep_json(source);
  const Sweep sweep = load_sweep(source, json);
  const Plan plan = plan_of(sweep);
  for (const std::string& note : notes_of(plan)) tell("note: {}\n", note);
  if (sweep.scenario.contains("keep"))
    tell(
        "note: /scenario/keep has no effect: a sweep keeps tables only; byzsim run keeps models\n");
  if (directory.empty()) directory = default_sweep_directory(sweep, plan);
  return {json, sweep, plan, directory};
}

fs::path sweep_directory(const SweepOptions& asked, const CommonOptions& common) {
  // Only for the name: a directory holds its plan, and need not read every scenario again.
  if (!names_directory(asked)) return open_sweep(asked, common).directory;
  refuse_changes(asked);
  return asked.name;
}

}  // namespace byzsim
