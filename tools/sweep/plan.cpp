// The points of a sweep: every cell of its axes as a checked scenario, and what is wrong with them.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "adversaries/known_strategies.h"
#include "sim/scenario/scenario_json.h"
#include "tools/input/scenario_paths.h"
#include "tools/sweep/condition.h"
#include "tools/sweep/sweep.h"

namespace byzsim {
namespace {

// A mistake in a million points is one line; many different ones would hide the first.
constexpr std::size_t kMostIssues = 20;

// A mistake, and the points that make it.
struct SharedIssue {
  Issue issue;
  std::string first;
  std::size_t points = 0;
};

std::uint64_t cells(const Sweep& sweep) {
  std::uint64_t count = 1;
  // It fits: read_sweep has refused more than a million points.
  for (const Axis& axis : sweep.axes) count *= axis.positions.size();
  return count;
}

// The number of the position on every axis; the last axis is the fastest.
std::vector<std::size_t> places_of(const Sweep& sweep, std::uint64_t cell) {
  std::vector<std::size_t> places(sweep.axes.size());
  for (std::size_t i = sweep.axes.size(); i-- > 0;) {
    const std::size_t on_axis = sweep.axes[i].positions.size();
    places[i] = cell % on_axis;
    cell /= on_axis;
  }
  return places;
}

std::vector<const Position*> positions_of(const Sweep& sweep, std::uint64_t cell) {
  const std::vector<std::size_t> places = places_of(sweep, cell);
  std::vector<const Position*> positions;
  for (std::size_t i = 0; i < places.size(); ++i)
    positions.push_back(&sweep.axes[i].positions[places[i]]);
  return positions;
}

std::vector<Json> values_of(const std::vector<const Position*>& positions) {
  std::vector<Json> values;
  for (const Position* position : positions)
    values.insert(values.end(), position->shown.begin(), position->shown.end());
  return values;
}

bool kept(const Sweep& sweep, const std::vector<Json>& values) {
  return std::all_of(sweep.where.begin(), sweep.where.end(),
                     [&](const Condition& condition) { return holds(condition, values); });
}

Scenario scenario_of_cell(const Sweep& sweep, const std::vector<const Position*>& positions,
                          InputFiles& files) {
  const auto replaced = std::find_if(positions.begin(), positions.end(),
                                     [](const Position* each) { return each->scenario; });
  Json json = replaced == positions.end() ? sweep.scenario : *(*replaced)->scenario;
  // Before the changes: an axis may name its runs itself.
  if (!json.contains("name")) json["name"] = sweep.name;
  for (const Position* position : positions)
    for (const Change& change : position->changes) apply(change, json, change.pointer);
  // After the changes, which may name files.
  if (!sweep.folders.empty()) put_paths_beside(sweep.folders, json);
  Scenario scenario = read_with_inputs(json, files);
  // The directory of a point holds tables; byzsim run keeps the models of the same id.
  scenario.keep.clear();
  return scenario;
}

void add_inputs(const Scenario& scenario, Plan& plan) {
  for (const InputFile& input : scenario.inputs)
    if (std::find(plan.inputs.begin(), plan.inputs.end(), input) == plan.inputs.end())
      plan.inputs.push_back(input);
}

std::string describe_values(const std::vector<std::string>& columns,
                            const std::vector<Json>& values) {
  std::string text;
  for (std::size_t i = 0; i < columns.size(); ++i)
    text += fmt::format("{}{}={}", i == 0 ? "" : ", ", columns[i], shown(values[i]));
  return text;
}

void add_shared(std::vector<SharedIssue>& shared, const Issues& issues, const std::string& point) {
  for (const Issue& issue : issues) {
    auto it = std::find_if(shared.begin(), shared.end(),
                           [&](const SharedIssue& each) { return each.issue == issue; });
    if (it == shared.end()) it = shared.insert(shared.end(), {issue, point, 0});
    ++it->points;
  }
}

Issues issues_of(const std::vector<SharedIssue>& shared, std::uint64_t all) {
  Issues issues;
  for (const SharedIssue& each : shared) {
    if (issues.size() == kMostIssues) {
      issues.push_back({"", fmt::format("and {} more mistakes", shared.size() - kMostIssues), ""});
      break;
    }
    Issue issue = each.issue;
    if (each.points < all)
      issue.where += fmt::format(
          " ({}{})", each.first,
          each.points == 1 ? ""
                           : fmt::format(" and {} more of {} combinations", each.points - 1, all));
    issues.push_back(issue);
  }
  if (!shared.empty())
    issues.push_back({"", "the sweep has invalid points",
                      "change them, or exclude them by a condition in \"where\""});
  return issues;
}

// Two positions of an axis.
struct Pair {
  std::size_t axis, first, second;
  friend auto operator<=>(const Pair&, const Pair&) = default;
};

// The axis on which alone two cells differ, if there is one.
std::optional<Pair> only_difference(const std::vector<std::size_t>& first,
                                    const std::vector<std::size_t>& second) {
  std::optional<Pair> found;
  for (std::size_t i = 0; i < first.size(); ++i) {
    if (first[i] == second[i]) continue;
    // Two axes differ: neither alone is idle.
    if (found) return std::nullopt;
    found = {i, first[i], second[i]};
  }
  return found;
}

// How many points of the second position are the same run with the first position.
std::map<Pair, std::uint64_t> equal_runs(const Sweep& sweep, const Plan& plan) {
  const auto repeat = static_cast<std::uint64_t>(sweep.repeat);
  std::map<std::string_view, std::uint64_t> cells;
  std::map<Pair, std::uint64_t> equal;
  for (const Point& point : plan.points) {
    const auto [seen, is_new] = cells.try_emplace(point.id, point.index / repeat);
    if (is_new) continue;
    const auto places = places_of(sweep, seen->second);
    if (const auto pair = only_difference(places, places_of(sweep, point.index / repeat)))
      ++equal[*pair];
  }
  return equal;
}

// Values that make no difference on their axis, each of which would count the same runs.
Issues idle_values(const Sweep& sweep, const Plan& plan) {
  const auto repeat = static_cast<std::uint64_t>(sweep.repeat);
  Issues issues;
  for (const auto& [pair, runs] : equal_runs(sweep, plan)) {
    const Axis& axis = sweep.axes[pair.axis];
    const auto at_second = std::count_if(
        plan.points.begin(), plan.points.end(), [&, &pair = pair](const Point& point) {
          return places_of(sweep, point.index / repeat)[pair.axis] == pair.second;
        });
    // Variants are named by their user, and may well be equal; values of an axis are a slip.
    if (axis.of_values && static_cast<std::uint64_t>(at_second) == runs)
      issues.push_back(
          {fmt::format("/axes/{}", pair.axis),
           fmt::format("{} makes the same runs as {}",
                       describe_values(axis.columns, axis.positions[pair.second].shown),
                       describe_values(axis.columns, axis.positions[pair.first].shown)),
           "leave one of them out"});
  }
  return issues;
}

}  // namespace

Plan plan_of(const Sweep& sweep) {
  Plan plan;
  for (const Axis& axis : sweep.axes)
    plan.columns.insert(plan.columns.end(), axis.columns.begin(), axis.columns.end());
  std::vector<SharedIssue> mistakes;
  InputFiles files;
  const auto repeat = static_cast<std::uint64_t>(sweep.repeat);
  for (std::uint64_t cell = 0; cell < cells(sweep); ++cell) {
    const auto positions = positions_of(sweep, cell);
    const std::vector<Json> values = values_of(positions);
    // Before it is read: "where" excludes what would not be a valid scenario.
    if (!kept(sweep, values)) continue;
    try {
      Scenario scenario = scenario_of_cell(sweep, positions, files);
      add_inputs(scenario, plan);
      // Only the seed differs: the scenario is read and checked once.
      for (std::uint64_t i = 0; i < repeat; ++i, ++scenario.seed)
        // Ids are of scenarios: points that come to the same one share its run.
        plan.points.push_back(
            {cell * repeat + i, scenario_id(scenario, scenario_tables()), scenario.seed, values});
    } catch (const InputError& error) {
      add_shared(mistakes, error.issues(), describe_values(plan.columns, values));
    }
  }
  // All mistakes of all points at once, before anything runs.
  throw_if_any(issues_of(mistakes, cells(sweep)));
  if (plan.points.empty())
    throw InputError({"/where", "no point satisfies the conditions", "relax them"});
  throw_if_any(idle_values(sweep, plan));
  return plan;
}

Notes notes_of(const Plan& plan) {
  std::map<std::string_view, const Point*> runs;
  std::string example;
  for (const Point& point : plan.points) {
    const auto [first, is_new] = runs.try_emplace(point.id, &point);
    if (!is_new && example.empty())
      example =
          fmt::format("point {} ({}) is the same run as point {} ({})", point.index,
                      describe(plan, point), first->second->index, describe(plan, *first->second));
  }
  if (example.empty()) return {};
  return {
      fmt::format("{}; {} points are {} different runs, and the tables have a row for each point",
                  example, plan.points.size(), runs.size())};
}

Scenario scenario_of(const Sweep& sweep, std::uint64_t index, InputFiles& files) {
  const auto repeat = static_cast<std::uint64_t>(sweep.repeat);
  Scenario scenario = scenario_of_cell(sweep, positions_of(sweep, index / repeat), files);
  scenario.seed += index % repeat;
  return scenario;
}

std::string shown(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string describe(const Plan& plan, const Point& point) {
  const std::string values = describe_values(plan.columns, point.values);
  return fmt::format("{}{}seed {}", values, values.empty() ? "" : ", ", point.seed);
}

}  // namespace byzsim
