// `byzsim sweep run`: makes what is missing. The same command continues a sweep that was
// interrupted.
#include <fmt/format.h>

#include <cstdlib>

#include "core/input/json_fields.h"
#include "sim/results/results.h"
#include "tools/line/command.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/line/shared_options.h"
#include "tools/run/run_outcome.h"
#include "tools/sweep/open_sweep.h"
#include "tools/sweep/run_sweep.h"
#include "tools/sweep/sweep_directory.h"

namespace byzsim {
namespace {

constexpr std::size_t kMostNamed = 10;

void tell_failures(const OpenSweep& open, const Slice& slice) {
  std::size_t told = 0;
  for (const Point* point : runs_of(slice, distinct_runs(open.plan))) {
    if (state_of_run(open.directory, point->id) != RunState::failed) continue;
    if (told++ == kMostNamed) break;
    tell("failed: {}: {}\n", describe(open.plan, *point), read_failure(open.directory, point->id));
  }
}

// Says in which runs of the slice an expectation failed or the end came early; the exit code is
// that of the gravest run, as `byzsim run` has it.
ExitCode tell_outcomes(const OpenSweep& open, const Slice& slice) {
  ExitCode code = kDone;
  std::size_t found = 0;
  const auto tell_of = [&](const Point& point, const std::string& what) {
    if (++found <= kMostNamed) tell("{}: {}\n", what, describe(open.plan, point));
  };
  for (const Point* point : runs_of(slice, distinct_runs(open.plan))) {
    if (state_of_run(open.directory, point->id) != RunState::done) continue;
    const std::filesystem::path made = run_directory(open.directory, point->id);
    read_fields((made / "run.json").string(), "delete " + made.string() + " and run it again", [&] {
      const Json run = read_run(made);
      const std::vector<std::string> failed = failed_expectations(run);
      for (const std::string& each : failed) tell_of(*point, each);
      if (!failed.empty()) code = kExpectationFailed;
      if (!ended_early(run)) return;
      tell_of(*point, early_end(run));
      if (code == kDone) code = kEndedEarly;
    });
  }
  if (found > kMostNamed) tell("and {} more of these\n", found - kMostNamed);
  return code;
}

struct SweepRunOptions {
  SweepOptions sweep;
  int jobs = 1;
  std::string slice;  // "i/n" or "auto"; empty: the whole
};

void offer_sweep_run(CommandOptions& options, SweepRunOptions& own) {
  offer_sweep(options, own.sweep);
  offer_jobs(options, own.jobs);
  options.text("--slice I/N|auto", own.slice,
               "Run only slice I of N; auto: as set by Slurm or Open MPI");
}

int sweep_run(const SweepRunOptions& own, const CommonOptions& common) {
  const Slice slice = parse_slice(
      own.slice, [](const char* name) { return static_cast<const char*>(std::getenv(name)); });
  const OpenSweep open = open_sweep(own.sweep, common);
  // Also by each of several processes: the first makes it, the others find the same plan.
  prepare_directory(open.directory, open.json, open.plan);
  for (const Issue& issue : state_of_sweep(open.directory, open.plan).damage)
    tell("note: {}\n", to_string(issue));
  watch_for_interrupt();
  const SweepOutcome outcome =
      run_sweep(open.sweep, open.plan, open.directory, {own.jobs, slice, common.quiet});
  const std::string of =
      slice == Slice{} ? "" : fmt::format(" of slice {}/{}", slice.index + 1, slice.count);
  print_text("{}: {} runs{} done, {} of them before, {} failed\n", open.sweep.name,
             outcome.found + outcome.made, of, outcome.found, outcome.failed);
  print_text("  directory  {}\n", open.directory.string());
  for (const auto& [pointer, runs] : outcome.unused)
    tell("note: {} had no effect in {} of {} runs (\"unused\" in run.json)\n", pointer, runs,
         outcome.made);
  // Of the whole sweep: another process may have made the last run of another slice.
  if (state_of_sweep(open.directory, open.plan).complete())
    print_text("  byzsim sweep merge {} writes its tables\n", open.directory.string());
  if (outcome.interrupted) {
    tell("interrupted: finished runs are kept; the same command continues\n");
    return kInterrupted;
  }
  const ExitCode code = tell_outcomes(open, slice);
  // A failed run outweighs what others came to: it has no result at all.
  if (outcome.failed == 0) return code;
  tell_failures(open, slice);
  tell("byzsim sweep merge {} --partial merges the finished runs\n", open.directory.string());
  return outcome.broken_promise ? kBadInput : kSweepIncomplete;
}

}  // namespace

Command sweep_run_command() {
  return command(
      "run", "Run what is missing, and retry runs that failed",
      "  byzsim sweep run quickstart --axis /network/delay/parameters/mean=1ms..1s:log4\n"
      "  seq 8 | parallel byzsim sweep run my-sweep.json --out DIR --jobs 1 --slice {}/8",
      offer_sweep_run, sweep_run);
}

}  // namespace byzsim
