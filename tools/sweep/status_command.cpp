#include <fmt/format.h>

#include "tools/sweep/open_sweep.h"
#include "tools/sweep/sweep_directory.h"
#include "tools/verbs.h"

namespace byzsim {

int sweep_status(const Options& options) {
  const std::filesystem::path directory = sweep_directory(options);
  const Plan plan = read_plan(directory);
  const SweepState state = state_of_sweep(directory, plan);
  fmt::print("{} of {} runs done, {} failed, {} missing\n", state.done.size(), state.total(),
             state.failed.size(), state.missing.size());
  for (const Point* point : state.failed)
    fmt::print("  failed  {}: {}\n", describe(plan, *point), read_failure(directory, point->id));
  return state.complete() ? kDone : kSweepIncomplete;
}

}  // namespace byzsim
