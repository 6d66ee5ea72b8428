// `byzsim sweep merge`: tables of the runs that are there; exit code 4 where some are not, unless
// --partial.
#include <fmt/format.h>

#include "tools/line/command.h"
#include "tools/line/output.h"
#include "tools/sweep/merge_sweep.h"
#include "tools/sweep/open_sweep.h"
#include "tools/sweep/sweep_directory.h"

namespace byzsim {
namespace {

// Of a sweep of a million points the first few show what is wrong.
constexpr std::size_t kMostTold = 10;

void tell_points(const Plan& plan, const std::vector<const Point*>& points, const char* what) {
  for (std::size_t i = 0; i < points.size() && i < kMostTold; ++i)
    tell("{}: {}\n", what, describe(plan, *points[i]));
  if (points.size() > kMostTold) tell("{}: and {} more\n", what, points.size() - kMostTold);
}

struct SweepMergeOptions {
  SweepOptions sweep;
  bool partial = false;  // merge what is there
  bool mixed = false;    // of whatever version
};

void offer_sweep_merge(CommandOptions& options, SweepMergeOptions& own) {
  offer_sweep(options, own.sweep);
  options.flag("--partial", own.partial, "Merge the finished runs of an incomplete sweep");
  options.flag("--mixed", own.mixed, "Merge results of several versions or profiles");
}

int sweep_merge(const SweepMergeOptions& own, const CommonOptions& common) {
  const std::filesystem::path directory = sweep_directory(own.sweep, common);
  const Plan plan = read_plan(directory);
  const SweepState state = state_of_sweep(directory, plan);
  if (!state.complete()) {
    tell("{} of {} runs are not done\n", state.failed.size() + state.missing.size(), state.total());
    tell_points(plan, state.failed, "failed");
    tell_points(plan, state.missing, "missing");
    for (const Issue& issue : state.damage) tell("damaged: {}\n", to_string(issue));
    if (!own.partial) {
      tell("byzsim sweep run {} runs them; --partial merges the finished ones\n",
           directory.string());
      return kSweepIncomplete;
    }
  }
  // Of an incomplete sweep another process may still be making runs, in directories of such names.
  if (state.complete()) remove_leftovers(directory);
  merge_sweep(plan, directory, own.mixed);
  print_text("{} merged\n  summary  {}\n  curves   {}\n", runs_of_points(plan, state.done.size()),
             (directory / "summary.csv").string(), (directory / "curves.csv").string());
  return kDone;
}

}  // namespace

Command sweep_merge_command() {
  return command("merge", "Write summary.csv and curves.csv",
                 "  byzsim sweep merge my-sweep.json\n"
                 "  byzsim sweep merge DIR --partial",
                 offer_sweep_merge, sweep_merge);
}

}  // namespace byzsim
