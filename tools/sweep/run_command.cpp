#include <fmt/format.h>

#include <cstdlib>

#include "core/input/json_fields.h"
#include "sim/results/results.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/run/run_outcome.h"
#include "tools/sweep/open_sweep.h"
#include "tools/sweep/run_sweep.h"
#include "tools/sweep/sweep_directory.h"
#include "tools/sweep/sweep_verb.h"

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

// Says which runs of the slice stalled or ran out of time; whether there are any.
bool tell_early_ends(const OpenSweep& open, const Slice& slice) {
  std::size_t found = 0;
  for (const Point* point : runs_of(slice, distinct_runs(open.plan))) {
    if (state_of_run(open.directory, point->id) != RunState::done) continue;
    const std::filesystem::path made = run_directory(open.directory, point->id);
    read_fields((made / "run.json").string(), "delete " + made.string() + " and run it again", [&] {
      const Json run = read_run(made);
      if (ended_early(run) && ++found <= kMostNamed)
        tell("{}: {}\n", early_end(run), describe(open.plan, *point));
    });
  }
  if (found > kMostNamed) tell("and {} more runs that ended early\n", found - kMostNamed);
  return found > 0;
}

void offer_sweep_run(VerbOptions& verb, Options& typed) {
  offer_sweep(verb, typed);
  offer_jobs(verb, typed);
  verb.text("--slice I/N|auto", typed.sweep.slice,
            "Run only slice I of N; auto: as set by Slurm or Open MPI");
}

int sweep_run(const Options& options) {
  const Slice slice = parse_slice(options.sweep.slice, [](const char* name) {
    return static_cast<const char*>(std::getenv(name));
  });
  const OpenSweep open = open_sweep(options);
  prepare_directory(open.directory, open.json, open.plan);
  for (const Issue& issue : state_of_sweep(open.directory, open.plan).damage)
    tell("note: {}\n", to_string(issue));
  watch_for_interrupt();
  const SweepOutcome outcome =
      run_sweep(open.sweep, open.plan, open.directory, {options.sweep.jobs, slice, options.quiet});
  const std::string of =
      slice == Slice{} ? "" : fmt::format(" of slice {}/{}", slice.index + 1, slice.count);
  print_text("{}: {} runs{} done, {} of them before, {} failed\n", open.sweep.name,
             outcome.found + outcome.made, of, outcome.found, outcome.failed);
  print_text("  directory  {}\n", open.directory.string());
  for (const auto& [pointer, runs] : outcome.unused)
    tell("note: {} had no effect in {} of {} runs (\"unused\" in run.json)\n", pointer, runs,
         outcome.made);
  if (state_of_sweep(open.directory, open.plan).complete())
    print_text("  byzsim sweep merge {} writes its tables\n", open.directory.string());
  if (outcome.interrupted) {
    tell("interrupted: finished runs are kept; the same command continues\n");
    return kInterrupted;
  }
  const bool early = tell_early_ends(open, slice);
  if (outcome.failed == 0) return early ? kEndedEarly : kDone;
  tell_failures(open, slice);
  tell("byzsim sweep merge {} --partial merges the finished runs\n", open.directory.string());
  return outcome.broken_promise ? kBadInput : kSweepIncomplete;
}

}  // namespace

Verb sweep_run_verb() {
  return {"run", "Run what is missing, and retry runs that failed",
          "  byzsim sweep run quickstart --axis /network/delay/parameters/mean=1ms..1s:log4\n"
          "  seq 8 | parallel byzsim sweep run my-sweep.json --out DIR --jobs 1 --slice {}/8",
          offer_sweep_run, sweep_run};
}

}  // namespace byzsim
