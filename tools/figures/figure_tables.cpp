#include "tools/figures/figure_tables.h"

#include <fmt/format.h>

#include "core/input/json_fields.h"
#include "core/input/units.h"
#include "sim/results/results.h"
#include "tools/figures/message_table.h"
#include "tools/input/scenario_paths.h"
#include "tools/input/scenario_source.h"
#include "tools/sweep/merge_sweep.h"
#include "tools/sweep/run_sweep.h"
#include "tools/sweep/sweep_directory.h"
#include "tools/sweep/sweep_source.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

// What `read` throws becomes issues of the figure, with their place in it.
template <class Read>
void collect_issues(const std::string& where, Issues& issues, Read read) {
  try {
    read();
  } catch (const InputError& error) {
    for (Issue issue : error.issues()) {
      issue.where =
          where + (issue.where.starts_with('/') || issue.where.empty() ? "" : " ") + issue.where;
      issues.push_back(issue);
    }
  }
}

bool trains_on_drawn_digits(const Json& scenario) {
  const Json data = scenario.value("data", Json("glyphs"));
  const Json name = data.is_object() ? data.value("name", Json("glyphs")) : data;
  return name == "glyphs" && scenario.value("numbers", "real") == "real";
}

// As many examples as make a sweep's runs short.
Json image_set(const std::string& data) {
  return {
      {"name", "idx"},
      {"parameters",
       {{"set", data == "mnist" ? "mnist" : "fashion-mnist"}, {"train", 10000}, {"test", 1000}}}};
}

PlannedSweep plan_sweep(const std::string& figure, const std::string& table, Json json,
                        const std::string& data, const fs::path& folder) {
  // Errors and progress name the figure, not the scenario that several figures share.
  json["name"] = figure + "-" + table;
  put_scenarios_inside(json, folder);
  if (!data.empty() && json["scenario"].is_object()) {
    Json base = json["scenario"];
    if (json.contains("set"))
      for (const auto& [pointer, value] : json["set"].items())
        // A sweep may turn numbers off for all its runs, and then trains on nothing.
        if (pointer == "/numbers") base["numbers"] = value;
    if (trains_on_drawn_digits(base)) json["set"]["/data"] = image_set(data);
  }
  Sweep sweep = read_sweep(json);
  Plan plan = plan_of(sweep);
  return {table, std::move(json), std::move(sweep), std::move(plan)};
}

fs::path directory_of(const fs::path& directory, const PlannedSweep& sweep) {
  return directory / "runs" / sweep.table;
}

void add_tables(const std::string& name, const SweepTables& merged, FigureTables& tables) {
  tables[name] = parse_csv(merged.summary, name);
  tables[name + "-curves"] = parse_csv(merged.curves, name + "-curves");
}

// The tables' columns, before anything has been run.
FigureTables headers_of(const PlannedFigure& planned) {
  FigureTables tables;
  for (const PlannedSweep& sweep : planned.sweeps)
    // A plan without points: the headers alone, by the code that makes the tables later.
    add_tables(sweep.table, tables_of(Plan{sweep.plan.columns, {}}, {}, false), tables);
  for (const auto& [table, grid] : planned.figure.contractions)
    tables[table] = contraction_table(grid);
  for (const auto& [table, scenario] : planned.timelines) tables[table].columns = message_columns();
  add_worst_case_columns(planned.figure, tables);
  return tables;
}

// A sweep's points, with the columns that are known of them before anything is run.
CsvTable known_points(const Plan& plan) {
  CsvTable table{{"point", "seed"}, {}};
  table.columns.insert(table.columns.end(), plan.columns.begin(), plan.columns.end());
  for (const Point& point : plan.points) {
    std::vector<std::string> row = {std::to_string(point.index),
                                    format_seed(static_cast<std::int64_t>(point.seed))};
    for (const Json& value : point.values) row.push_back(shown(value));
    table.rows.push_back(row);
  }
  return table;
}

// What is known of the tables' rows before anything is run; nothing of timelines.
FigureTables known_rows(const PlannedFigure& planned) {
  FigureTables tables;
  for (const PlannedSweep& sweep : planned.sweeps)
    tables[sweep.table] = tables[sweep.table + "-curves"] = known_points(sweep.plan);
  for (const auto& [table, grid] : planned.figure.contractions)
    tables[table] = contraction_table(grid);
  return tables;
}

double seconds_of(const PlannedSweep& sweep, const fs::path& directory) {
  double seconds = 0;
  for (const Point* point : distinct_runs(sweep.plan)) {
    const fs::path made = run_directory(directory, point->id);
    seconds += read_fields((made / "run.json").string(), "delete " + made.string(), [&] {
      return read_whole_run(made).at("machine").at("wall_seconds").get<double>();
    });
  }
  return seconds;
}

}  // namespace

PlannedFigure plan_figure(const Figure& figure, const std::string& data, const fs::path& folder) {
  PlannedFigure planned{figure, {}, {}};
  Issues issues;
  InputFiles files;
  for (const auto& [table, json] : figure.sweeps)
    collect_issues(pointer_to("/sweeps", table), issues, [&, &table = table, &json = json] {
      planned.sweeps.push_back(plan_sweep(figure.name, table, json, data, folder));
    });
  for (const auto& [table, json] : figure.timelines)
    collect_issues(pointer_to("/timelines", table), issues, [&, &table = table, &json = json] {
      Json scenario = json;
      put_paths_beside({folder}, scenario);
      planned.timelines.emplace_back(table, read_with_inputs(scenario, files));
    });
  // Columns and rows are checked only of figures that could be planned.
  throw_if_any(issues);
  throw_if_any(missing_columns(figure, headers_of(planned)));
  throw_if_any(undrawable_rows(figure, known_rows(planned)));
  return planned;
}

FigureRuns run_figure(const PlannedFigure& planned, const fs::path& directory, int jobs,
                      bool quiet) {
  FigureRuns runs;
  for (const PlannedSweep& each : planned.sweeps) {
    const fs::path folder = directory_of(directory, each);
    prepare_directory(folder, each.json, each.plan);
    const SweepOutcome outcome = run_sweep(each.sweep, each.plan, folder, {jobs, {}, quiet});
    runs.interrupted = outcome.interrupted;
    // Later sweeps must not begin once the user has asked to stop.
    if (runs.interrupted) return runs;
    const SweepState state = state_of_sweep(folder, each.plan);
    for (const Point* point : state.failed)
      runs.failed.push_back({each.sweep.name + ", " + describe(each.plan, *point),
                             read_failure(folder, point->id), ""});
    // From run.json rather than from this call: runs that were there already took their time, too.
    if (state.complete()) runs.seconds += seconds_of(each, folder);
  }
  return runs;
}

FigureTables tables_of(const PlannedFigure& planned, const fs::path& directory) {
  FigureTables tables;
  for (const PlannedSweep& sweep : planned.sweeps)
    add_tables(sweep.table, tables_of(sweep.plan, directory_of(directory, sweep), false), tables);
  for (const auto& [table, grid] : planned.figure.contractions)
    tables[table] = contraction_table(grid);
  for (const auto& [table, scenario] : planned.timelines) tables[table] = message_table(scenario);
  add_worst_cases(planned.figure, tables);
  return tables;
}

}  // namespace byzsim
