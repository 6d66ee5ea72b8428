#include "tools/report/branches.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string>

#include "adversaries/known_strategies.h"
#include "core/input/issue.h"
#include "sim/scenario/scenario_json.h"
#include "tools/line/interrupt.h"
#include "tools/line/progress.h"
#include "tools/run/replay.h"

namespace byzsim {
namespace {

// A run and what it is a branch of, up to the run that is no branch.
struct Lineage {
  const StoredRun* run;
  std::vector<const Scenario*> scenarios;
  std::vector<std::string> ids;  // of the scenarios
};

Lineage lineage_of(const StoredRun& run) {
  Lineage lineage{&run, {}, {}};
  for (const Scenario* each = &run.scenario; each;
       each = each->origin ? each->origin->trunk.get() : nullptr) {
    lineage.scenarios.push_back(each);
    lineage.ids.push_back(scenario_id(*each, scenario_tables()));
  }
  return lineage;
}

// Generations from the run to the one of that id; nothing where it is no ancestor.
std::optional<std::size_t> generations_to(const std::string& id, const Lineage& lineage) {
  const auto found = std::find(lineage.ids.begin(), lineage.ids.end(), id);
  if (found == lineage.ids.end()) return {};
  return found - lineage.ids.begin();
}

void refuse_twice(const std::vector<Lineage>& lineages) {
  std::map<std::string, const StoredRun*> first;
  for (const Lineage& each : lineages)
    if (const auto [earlier, is_new] = first.emplace(each.ids[0], each.run); !is_new)
      throw InputError({each.run->directory.string(),
                        "is the same run as " + earlier->second->directory.string(),
                        "name every run once"});
}

// The youngest that all runs come from.
std::string common_trunk(const std::vector<Lineage>& lineages) {
  for (const std::string& id : lineages[0].ids)
    if (std::all_of(lineages.begin(), lineages.end(),
                    [&](const Lineage& each) { return generations_to(id, each).has_value(); }))
      return id;
  const auto stranger = std::find_if(lineages.begin(), lineages.end(), [&](const Lineage& each) {
    return each.ids.back() != lineages[0].ids.back();
  });
  throw InputError({stranger->run->directory.string(),
                    "has no trunk in common with " + lineages[0].run->directory.string(),
                    "give branches of one run, which byzsim branch makes, or a single directory"});
}

// A value that names a strategy is exchanged as a whole.
bool has_another_name(const Json& before, const Json& now) {
  return before.value("name", Json()) != now.value("name", Json());
}

void add_changes(const std::string& pointer, const Json& before, const Json& now, Json& changes) {
  if (before == now) return;
  if (!before.is_object() || !now.is_object() ||
      (!pointer.empty() && has_another_name(before, now))) {
    changes.push_back({{"pointer", pointer}, {"trunk", before}, {"branch", now}});
    return;
  }
  for (const auto& [key, value] : now.items())
    add_changes(pointer + "/" + key, before.value(key, Json()), value, changes);
  for (const auto& [key, value] : before.items())
    if (!now.contains(key)) add_changes(pointer + "/" + key, value, Json(), changes);
}

// The moments after these events of the trunk; nothing once the user interrupts.
std::optional<std::map<std::int64_t, Json>> moments_of(const Scenario& trunk,
                                                       const std::vector<std::int64_t>& events,
                                                       int threads, bool quiet) {
  std::map<std::int64_t, Json> moments;
  for (const std::int64_t event : events) moments[event];
  Progress progress(trunk.name, trunk.steps, quiet);
  Replay replay(trunk, threads);
  const Simulation& simulation = replay.simulation;
  const auto note = [&] {
    const auto found = moments.find(static_cast<std::int64_t>(simulation.totals().events));
    if (found != moments.end()) found->second = moment_json(simulation);
  };
  const auto last = static_cast<std::uint64_t>(moments.rbegin()->first);
  const auto stop = [&] { return interrupted() || simulation.totals().events >= last; };
  note();
  if (!stop())
    advance_to_end(
        replay, progress, [&](const Occurrence&) { note(); }, stop);
  if (interrupted()) return {};
  for (const auto& [event, moment] : moments)
    if (moment.is_null())
      throw InputError({"/origin/event",
                        fmt::format("is {}, and the trunk ends after {} events", event,
                                    simulation.totals().events),
                        "begin the branch at one of them"});
  return moments;
}

// The heading and the rows of the steps that all honest servers had reached by then.
std::string rows_up_to(std::int64_t step, const std::string& csv) {
  std::size_t end = csv.find('\n') + 1;
  for (std::size_t next; (next = csv.find('\n', end)) != csv.npos; end = next + 1) {
    std::int64_t of_row = 0;
    std::from_chars(csv.data() + end, csv.data() + next, of_row);
    if (of_row > step) break;
  }
  return csv.substr(0, end);
}

void check_same_beginning(const StoredRun& run, const StoredRun& other, std::int64_t step) {
  if (rows_up_to(step, run.metrics_csv) == rows_up_to(step, other.metrics_csv)) return;
  throw InputError({(run.directory / "metrics.csv").string(),
                    fmt::format("differs from {} up to step {}, before they part",
                                (other.directory / "metrics.csv").string(), step),
                    "byzsim verify finds which of the runs is not what its scenario gives"});
}

Json run_json_of(const StoredRun& run) {
  return {{"directory", run.directory.string()}, {"run", run.json}, {"metrics", run.metrics_csv}};
}

Json branch_json(const Lineage& lineage, std::size_t generations,
                 const std::map<std::int64_t, Json>& moments) {
  Json json = run_json_of(*lineage.run);
  json["changes"] = changes_of(*lineage.scenarios[generations], *lineage.scenarios[0]);
  json["parting"] = moments.at(lineage.scenarios[generations - 1]->origin->event);
  return json;
}

}  // namespace

Json moment_json(const Simulation& simulation) {
  return {{"event", simulation.totals().events},
          {"step", simulation.step()},
          {"simulated_seconds", double(simulation.now()) / 1e9},
          {"messages", simulation.totals().messages},
          {"bytes", simulation.totals().bytes}};
}

Json changes_of(const Scenario& trunk, const Scenario& branch) {
  Json before = write_scenario(trunk, scenario_tables());
  Json now = write_scenario(branch, scenario_tables());
  for (Json* each : {&before, &now})
    for (const char* key : {"name", "summary", "expect", "origin"}) each->erase(key);
  Json changes = Json::array();
  add_changes("", before, now, changes);
  return changes;
}

std::optional<Json> branches_json(const std::vector<StoredRun>& runs, int threads, bool quiet) {
  std::vector<Lineage> lineages;
  for (const StoredRun& run : runs) lineages.push_back(lineage_of(run));
  refuse_twice(lineages);
  const std::string id = common_trunk(lineages);
  std::vector<std::int64_t> events;
  for (const Lineage& each : lineages)
    if (const std::size_t generations = *generations_to(id, each); generations > 0)
      events.push_back(each.scenarios[generations - 1]->origin->event);
  const Scenario& trunk = *lineages[0].scenarios[*generations_to(id, lineages[0])];
  const auto moments = moments_of(trunk, events, threads, quiet);
  if (!moments) return {};
  Json json = {{"name", trunk.name},
               {"scenario", write_scenario(trunk, scenario_tables())},
               {"trunk", nullptr},
               {"branches", Json::array()}};
  for (const Lineage& each : lineages) {
    const std::size_t generations = *generations_to(id, each);
    if (generations == 0)
      json["trunk"] = run_json_of(*each.run);
    else
      json["branches"].push_back(branch_json(each, generations, *moments));
  }
  const auto parting_step = [&](const Lineage& each) -> std::int64_t {
    const std::size_t generations = *generations_to(id, each);
    return generations == 0 ? trunk.steps
                            : moments->at(each.scenarios[generations - 1]->origin->event)["step"]
                                  .get<std::int64_t>();
  };
  for (const Lineage& each : lineages)
    check_same_beginning(*each.run, *lineages[0].run,
                         std::min(parting_step(each), parting_step(lineages[0])));
  return json;
}

}  // namespace byzsim
