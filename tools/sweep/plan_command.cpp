// `byzsim sweep plan`: what a sweep will take. Begins a few of its runs, and keeps nothing of them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tools/line/command.h"
#include "tools/line/output.h"
#include "tools/line/shared_options.h"
#include "tools/sweep/estimate.h"
#include "tools/sweep/open_sweep.h"
#include "tools/sweep/sweep_directory.h"

namespace byzsim {
namespace {

std::string span(double seconds) {
  // Few digits: an estimate from a few steps knows no more.
  if (seconds < 90) return fmt::format("{:.2g} s", seconds);
  if (seconds < 90 * 60) return fmt::format("{:.0f} min", seconds / 60);
  if (seconds < 48 * 3600) return fmt::format("{:.1f} h", seconds / 3600);
  return fmt::format("{:.1f} days", seconds / 86400);
}

std::string size(double bytes) {
  if (bytes < 1e6) return fmt::format("{:.0f} kB", bytes / 1e3);
  return bytes < 1e9 ? fmt::format("{:.1f} MB", bytes / 1e6)
                     : fmt::format("{:.1f} GB", bytes / 1e9);
}

void print_axes(const Sweep& sweep) {
  for (const Axis& axis : sweep.axes) {
    std::string values;
    for (const Position& position : axis.positions) {
      std::string each;
      for (const Json& value : position.shown) each += (each.empty() ? "" : "/") + shown(value);
      values += (values.empty() ? "" : ", ") + each;
    }
    print_text("  axis       {}: {}\n", fmt::join(axis.columns, " / "), values);
  }
  if (sweep.repeat > 1) print_text("  seeds      {}\n", sweep.repeat);
}

struct SweepPlanOptions {
  SweepOptions sweep;
  int jobs = 1;
};

void offer_sweep_plan(CommandOptions& options, SweepPlanOptions& own) {
  offer_sweep(options, own.sweep);
  offer_jobs(options, own.jobs);
}

int sweep_plan(const SweepPlanOptions& own, const CommonOptions& common) {
  const OpenSweep open = open_sweep(own.sweep, common);
  const SweepState state = state_of_sweep(open.directory, open.plan);
  const std::vector<const Point*> left = state.left();
  print_text("{}: {}, {} of them done\n", open.sweep.name, runs_of_points(open.plan, state.total()),
             state.done.size());
  print_axes(open.sweep);
  const SweepEstimate estimate = estimate_of(open.sweep, open.plan, left);
  print_text("  time       about {} on {} jobs (from the first steps of {} of {} runs)\n",
             span(estimate.seconds / own.jobs), own.jobs, estimate.timed, left.size());
  print_text("  disk       about {}\n", size(estimate.bytes));
  print_text("  directory  {}\n", open.directory.string());
  return kDone;
}

}  // namespace

Command sweep_plan_command() {
  return command("plan", "Estimate the runs, time and disk space of a sweep",
                 "  byzsim sweep plan my-sweep.json\n"
                 "  byzsim sweep plan quickstart --repeat 5 --jobs 1",
                 offer_sweep_plan, sweep_plan);
}

}  // namespace byzsim
