#include <fmt/format.h>

#include "tools/line/output.h"
#include "tools/sweep/merge_sweep.h"
#include "tools/sweep/open_sweep.h"
#include "tools/sweep/sweep_directory.h"
#include "tools/sweep/sweep_verb.h"

namespace byzsim {
namespace {

constexpr std::size_t kMostTold = 10;

void tell_points(const Plan& plan, const std::vector<const Point*>& points, const char* what) {
  for (std::size_t i = 0; i < points.size() && i < kMostTold; ++i)
    tell("{}: {}\n", what, describe(plan, *points[i]));
  if (points.size() > kMostTold) tell("{}: and {} more\n", what, points.size() - kMostTold);
}

void offer_sweep_merge(VerbOptions& verb, Options& typed) {
  offer_sweep(verb, typed);
  verb.flag("--partial", typed.sweep.partial, "Merge the finished runs of an incomplete sweep");
  verb.flag("--mixed", typed.sweep.mixed, "Merge results of several versions or profiles");
}

int sweep_merge(const Options& options) {
  const std::filesystem::path directory = sweep_directory(options);
  const Plan plan = read_plan(directory);
  const SweepState state = state_of_sweep(directory, plan);
  if (!state.complete()) {
    tell("{} of {} runs are not done\n", state.failed.size() + state.missing.size(), state.total());
    tell_points(plan, state.failed, "failed");
    tell_points(plan, state.missing, "missing");
    for (const Issue& issue : state.damage) tell("damaged: {}\n", to_string(issue));
    if (!options.sweep.partial) {
      tell("byzsim sweep run {} runs them; --partial merges the finished ones\n",
           directory.string());
      return kSweepIncomplete;
    }
  }
  if (state.complete()) remove_leftovers(directory);
  merge_sweep(plan, directory, options.sweep.mixed);
  print_text("{} merged\n  summary  {}\n  curves   {}\n", runs_of_points(plan, state.done.size()),
             (directory / "summary.csv").string(), (directory / "curves.csv").string());
  return kDone;
}

}  // namespace

Verb sweep_merge_verb() {
  return {"merge", "Write summary.csv and curves.csv",
          "  byzsim sweep merge my-sweep.json\n"
          "  byzsim sweep merge DIR --partial",
          offer_sweep_merge, sweep_merge};
}

}  // namespace byzsim
