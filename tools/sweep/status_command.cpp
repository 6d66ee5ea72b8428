// `byzsim sweep status`: how far a sweep is; exit code 4 until it is complete.
#include <fmt/format.h>

#include <utility>
#include <vector>

#include "core/input/printable.h"
#include "tools/line/command.h"
#include "tools/line/output.h"
#include "tools/run/kept_snapshots.h"
#include "tools/sweep/open_sweep.h"
#include "tools/sweep/sweep_directory.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

// Of runs that a process is making, or has left: those long enough for a snapshot.
std::vector<std::pair<const Point*, SnapshotHead>> under_way(const SweepState& state,
                                                             const fs::path& directory) {
  std::vector<std::pair<const Point*, SnapshotHead>> found;
  for (const Point* point : state.missing)
    if (auto head = newest_head(run_directory(directory, point->id)))
      found.emplace_back(point, std::move(*head));
  return found;
}

std::int64_t steps_in_all(const SnapshotHead& head) {
  return head.scenario.at("steps").get<std::int64_t>();
}

Json state_json(const SweepState& state, const Plan& plan, const fs::path& directory) {
  Json failures = Json::array();
  for (const Point* point : state.failed)
    failures.push_back({{"id", point->id},
                        {"point", describe(plan, *point)},
                        {"error", read_failure(directory, point->id)}});
  Json begun = Json::array();
  for (const auto& [point, head] : under_way(state, directory))
    begun.push_back({{"id", point->id},
                     {"point", describe(plan, *point)},
                     {"step", head.step},
                     {"steps", steps_in_all(head)}});
  Json damage = Json::array();
  for (const Issue& issue : state.damage) damage.push_back(to_string(issue));
  // A path may hold bytes that JSON cannot.
  return {{"directory", printable(directory.string())},
          {"runs", state.total()},
          {"done", state.done.size()},
          {"failed", state.failed.size()},
          {"missing", state.missing.size()},
          {"failures", failures},
          {"under_way", begun},
          {"damage", damage}};
}

void print(const SweepState& state, const Plan& plan, const fs::path& directory) {
  print_text("{} of {} runs done, {} failed, {} missing\n", state.done.size(), state.total(),
             state.failed.size(), state.missing.size());
  for (const Point* point : state.failed)
    print_text("  failed  {}: {}\n", describe(plan, *point), read_failure(directory, point->id));
  for (const auto& [point, head] : under_way(state, directory))
    print_text("  under way  {}: step {} of {} in its latest snapshot\n", describe(plan, *point),
               head.step, steps_in_all(head));
  for (const Issue& issue : state.damage) print_text("  damaged {}\n", to_string(issue));
}

struct SweepStatusOptions {
  SweepOptions sweep;
  bool json = false;
};

void offer_sweep_status(CommandOptions& options, SweepStatusOptions& own) {
  offer_sweep(options, own.sweep);
  options.flag("--json", own.json, "Print JSON");
}

int sweep_status(const SweepStatusOptions& own, const CommonOptions& common) {
  const fs::path directory = sweep_directory(own.sweep, common);
  const Plan plan = read_plan(directory);
  const SweepState state = state_of_sweep(directory, plan);
  if (own.json)
    print_text("{}\n", state_json(state, plan, directory).dump(2));
  else
    print(state, plan, directory);
  // Scripts wait for a sweep by this code.
  return state.complete() ? kDone : kSweepIncomplete;
}

}  // namespace

Command sweep_status_command() {
  return command("status", "Show how much of a sweep is done",
                 "  byzsim sweep status my-sweep.json\n"
                 "  byzsim sweep status DIR --json",
                 offer_sweep_status, sweep_status);
}

}  // namespace byzsim
