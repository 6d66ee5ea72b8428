#include "tools/run/branch_point.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <utility>

#include "adversaries/known_strategies.h"
#include "core/check.h"
#include "core/input/issue.h"
#include "sim/scenario/scenario_checks.h"
#include "sim/scenario/scenario_json.h"
#include "sim/snapshot/snapshot.h"
#include "tools/input/input_files.h"
#include "tools/input/scenario_source.h"

namespace byzsim {
namespace {

bool is_reached(const MomentName& moment, const Simulation& simulation) {
  switch (moment.by) {
    case NamedBy::step:
      return simulation.step() >= moment.value;
    case NamedBy::time:
      return simulation.future().empty() || simulation.future().next_time() > moment.value;
    case NamedBy::event:
      return simulation.totals().events >= static_cast<std::uint64_t>(moment.value);
  }
  BYZ_CHECK(false, "a moment is named by a step, a time or an event");
}

BranchPoint point_of_snapshot(const std::string& file, const Scenario& trunk, int threads,
                              const std::string& option) {
  SnapshotFile snapshot(file);
  Replay replay(trunk, threads);
  SnapshotHead run = head_of(replay.simulation, scenario_id(trunk, scenario_tables()),
                             write_scenario(trunk, scenario_tables()), snapshot.head().beside);
  if (const auto differ = differences(snapshot.head(), run); !differ.empty())
    throw InputError({fmt::format("{} {}", option, file),
                      fmt::format("{}", fmt::join(differ, "; ")),
                      "name the scenario that the snapshot is of"});
  const MomentName event{NamedBy::event, static_cast<std::int64_t>(snapshot.head().events)};
  // What is beside a run, a record say, is another state: the moment is then reached by running.
  if (!snapshot.head().beside.empty()) return reach(event, replay, option);
  snapshot.read([&](Archive& archive) { replay.simulation.walk(archive); });
  return reach(event, replay, option);
}

}  // namespace

BranchPoint reach(const MomentName& moment, Replay& replay, const std::string& option) {
  Simulation& simulation = replay.simulation;
  while (!is_reached(moment, simulation))
    if (simulation.advance() == nullptr)
      throw InputError(
          {option,
           fmt::format("the run ends before {}: at step {}, after {} events", to_string(moment),
                       simulation.step(), simulation.totals().events),
           "name an earlier moment"});
  return {replay.simulation.totals().events,
          replay.simulation.step(),
          {replay.workload->made_dataset(), trunk_state_of(replay.simulation)}};
}

BranchPoint point_named(const std::string& text, const Scenario& trunk, int threads,
                        const std::string& option) {
  std::error_code error;
  if (std::filesystem::exists(text, error) || text.ends_with(".byz"))
    return point_of_snapshot(text, trunk, threads, option);
  const MomentName moment = parse_moment(text, option);
  Replay replay(trunk, threads);
  return reach(moment, replay, option);
}

Scenario branch_of(const Scenario& trunk, std::uint64_t event,
                   const std::vector<std::string>& sets) {
  Json json = write_scenario(trunk, scenario_tables());
  const Json whole = json;
  json["name"] = name_with(trunk.name, "branch");
  json.erase("origin");
  for (const std::string& set : sets) {
    const Change change = read_set(set);
    apply(change, json, change.where);
  }
  json["origin"] = {{"scenario", whole}, {"event", event}};
  InputFiles files;
  return read_with_inputs(json, files);
}

}  // namespace byzsim
