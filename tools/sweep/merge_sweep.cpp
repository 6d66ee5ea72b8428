#include "tools/sweep/merge_sweep.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "core/input/issue.h"
#include "core/input/json_fields.h"
#include "core/input/units.h"
#include "sim/observe/metrics.h"
#include "sim/results/results.h"
#include "tools/input/csv_table.h"
#include "tools/sweep/sweep_directory.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;
using Fields = std::vector<std::string>;

// Of summary.csv: before the axes, and between the seed and the metrics.
// In the order of fields_of_run.
const Fields kRunColumns = {"id",
                            "status",
                            "digest",
                            "steps",
                            "simulated_seconds",
                            "messages",
                            "bytes",
                            "diverged_at_step",
                            "expectations",
                            "expectations_held",
                            "accepted_share",
                            "byzantine_accepted_share"};

// What a table says of every run: the point, its axes and its seed.
Fields columns_of_point(const Plan& plan) {
  Fields columns = {"point"};
  columns.insert(columns.end(), plan.columns.begin(), plan.columns.end());
  columns.push_back("seed");
  return columns;
}

Fields fields_of_point(const Point& point) {
  Fields fields = {std::to_string(point.index)};
  for (const Json& value : point.values) fields.push_back(shown(value));
  fields.push_back(format_seed(static_cast<std::int64_t>(point.seed)));
  return fields;
}

std::string field_of(const Json& value) { return value.is_null() ? "" : shown(value); }

// Of what filters judged, the share they let pass; undefined where they judged nothing.
std::string share_of(const Json& filters, const std::string& accepted,
                     const std::string& rejected) {
  const double passed = filters.value(accepted, 0.0), all = passed + filters.value(rejected, 0.0);
  return all == 0 ? "" : shown(Json(passed / all));
}

Fields fields_of_run(const Point& point, const Json& run) {
  const Json expectations = run.value("expectations", Json::array());
  const auto held = std::count_if(expectations.begin(), expectations.end(),
                                  [](const Json& each) { return each.value("holds", false); });
  Fields fields = {point.id, field_of(run.at("status")),
                   field_of(run.at("digest").value("run", Json()))};
  for (const char* key : {"steps", "simulated_seconds", "messages", "bytes", "diverged_at_step"})
    // Versions that did not write a key leave its field empty.
    fields.push_back(field_of(run.value(key, Json())));
  fields.push_back(std::to_string(expectations.size()));
  fields.push_back(std::to_string(held));
  const Json filters = run.value("filters", Json::object());
  fields.push_back(share_of(filters, "accepted", "rejected"));
  fields.push_back(share_of(filters, "byzantine_accepted", "byzantine_rejected"));
  return fields;
}

// The metrics of the last row that are not among a run's own columns.
Fields summary_metrics() {
  Fields metrics;
  for (const std::string& name : metric_names())
    // The step of the last row is the run's "steps"; names that both have would make two columns of
    // one.
    if (name != "step" &&
        std::find(kRunColumns.begin(), kRunColumns.end(), name) == kRunColumns.end())
      metrics.push_back(name);
  return metrics;
}

// A row's fields in the order of `columns`; what a run of another version lacks is empty.
Fields arranged(const Fields& columns, const CsvTable& metrics, const Fields& row) {
  Fields fields;
  for (const std::string& column : columns) {
    const auto place = metrics.column(column);
    fields.push_back(place && *place < row.size() ? row[*place] : "");
  }
  return fields;
}

void append(std::string& table, Fields fields, const Fields& more) {
  fields.insert(fields.end(), more.begin(), more.end());
  table += to_csv_line(fields);
}

void add_without_result(SweepTables& tables, const Point& point, RunState state) {
  Fields fields = fields_of_point(point);
  fields.push_back(point.id);
  fields.push_back(state == RunState::failed ? "failed" : "missing");
  // All but the two above, so that the row is as wide as the others.
  append(tables.summary, fields, Fields(kRunColumns.size() - 2 + summary_metrics().size()));
}

void add_run(SweepTables& tables, const Point& point, const Json& run, const CsvTable& metrics) {
  const Fields prefix = fields_of_point(point);
  for (const Fields& row : metrics.rows)
    append(tables.curves, prefix, arranged(metric_names(), metrics, row));
  Fields fields = prefix;
  const Fields of_run = fields_of_run(point, run);
  fields.insert(fields.end(), of_run.begin(), of_run.end());
  const Fields last = metrics.rows.empty() ? Fields{} : metrics.rows.back();
  append(tables.summary, fields, arranged(summary_metrics(), metrics, last));
}

// Which runs were made by what, by profile and version.
using Origins = std::map<std::string, std::vector<std::string>>;

constexpr const char* kRemedy = "delete the run's directory; byzsim sweep run repeats it alone";

// metrics.csv as byzsim writes it, by whatever version: rows of steps, numbers or nothing in them.
void check_metrics(const CsvTable& metrics, const std::string& file) {
  if (metrics.columns.empty() || metrics.columns.front() != "step" || metrics.rows.empty())
    throw InputError({file, "has no rows of steps", kRemedy});
  for (std::size_t i = 0; i < metrics.rows.size(); ++i)
    for (const std::string& cell : metrics.rows[i])
      if (!cell.empty() && !std::isfinite(number_in(cell).value_or(NAN)))
        throw InputError(
            {file, fmt::format("row {} has \"{}\", which is not a number", i + 1, cell), kRemedy});
}

void add_result(SweepTables& tables, const Point& point, const fs::path& made, Origins& origins) {
  const std::string file = (made / "run.json").string();
  const std::string metrics_file = (made / "metrics.csv").string();
  const Json run = read_whole_run(made);
  // A directory that was moved or copied by hand would count as another run.
  if (run["id"] != point.id)
    throw InputError({file, "is of the run " + brief(run["id"]) + ", not of this one", kRemedy});
  origins[fmt::format("byzsim {} under the profile {}", field_of(run.value("version", Json())),
                      field_of(run["profile"]))]
      .push_back(point.id);
  const CsvTable metrics = parse_csv(read_text(metrics_file), metrics_file);
  check_metrics(metrics, metrics_file);
  read_fields(file, kRemedy, [&] { add_run(tables, point, run, metrics); });
}

void refuse_mixture(const Origins& origins, const fs::path& directory) {
  if (origins.size() < 2) return;
  Issues issues;
  for (const auto& [origin, ids] : origins)
    issues.push_back({directory.string(),
                      fmt::format("{} runs were made by {}, the first of them {}", ids.size(),
                                  origin, ids.front()),
                      ""});
  issues.push_back({directory.string(),
                    "results of several profiles or versions are not comparable",
                    "run them again with one version, or merge them with --mixed"});
  throw InputError(issues);
}

}  // namespace

std::vector<std::string> reserved_columns() {
  Fields columns = kRunColumns;
  for (const std::string& name : metric_names()) columns.push_back(name);
  columns.insert(columns.end(), {"point", "seed"});
  return columns;
}

SweepTables tables_of(const Plan& plan, const fs::path& directory, bool mixed) {
  SweepTables tables;
  append(tables.curves, columns_of_point(plan), metric_names());
  Fields columns = columns_of_point(plan);
  columns.insert(columns.end(), kRunColumns.begin(), kRunColumns.end());
  append(tables.summary, columns, summary_metrics());
  Origins origins;
  for (const Point& point : plan.points) {
    const RunState state = state_of_run(directory, point.id);
    if (state == RunState::done)
      add_result(tables, point, run_directory(directory, point.id), origins);
    else
      add_without_result(tables, point, state);
  }
  // Profiles and versions may differ in bits: a curve of two of them shows the program, not the
  // axis.
  if (!mixed) refuse_mixture(origins, directory);
  return tables;
}

void merge_sweep(const Plan& plan, const fs::path& directory, bool mixed) {
  const SweepTables tables = tables_of(plan, directory, mixed);
  // After all runs were read: a merge that fails leaves the tables of the last one.
  write_whole(directory / "summary.csv", tables.summary);
  write_whole(directory / "curves.csv", tables.curves);
}

}  // namespace byzsim
