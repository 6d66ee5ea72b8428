#include "tools/figures/worst_cases.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>

#include "adversaries/search/objective.h"
#include "tools/figures/panel_rows.h"
#include "tools/figures/worst_of.h"
#include "tools/input/in_order.h"

namespace byzsim {
namespace {

using Names = std::vector<std::string>;

// The rows that a panel takes of one run.
struct RunRows {
  const CsvTable* table;
  std::vector<const TableRow*> rows;
  std::string status = "";  // how it ended; empty where no table has it

  std::string cell(const TableRow& row, const std::string& column) const {
    return cell_of(*table, row, column).value_or("");
  }
  std::string seed() const { return cell(*rows.front(), "seed"); }
};

using RunList = std::vector<RunRows>;

using RunsByValue = InOrder<std::string, RunList>;

// How the runs of a table ended, by point: as it states itself, or the table of runs beside a table
// of curves.
std::map<std::string, std::string> statuses_in(const std::string& name,
                                               const FigureTables& tables) {
  const std::string curves = "-curves";
  const auto runs =
      tables.find(name.ends_with(curves) ? name.substr(0, name.size() - curves.size()) : name);
  std::map<std::string, std::string> statuses;
  if (runs == tables.end() || !runs->second.column("status")) return statuses;
  for (const TableRow& row : runs->second.rows)
    statuses[cell_of(runs->second, row, "point").value_or("")] =
        *cell_of(runs->second, row, "status");
  return statuses;
}

void add_to_run(RunList& runs, const CsvTable& table, const TableRow& row, bool same_run,
                const std::map<std::string, std::string>& statuses) {
  if (!same_run) {
    const auto status = statuses.find(cell_of(table, row, "point").value_or(""));
    runs.push_back({&table, {}, status == statuses.end() ? "" : status->second});
  }
  runs.back().rows.push_back(&row);
}

// The runs of each cell by the value on the axis.
InOrder<Names, RunsByValue> cells_of(const Json& panel, const FigureTables& tables) {
  const Names columns = cell_columns(panel);
  InOrder<Names, RunsByValue> cells;
  for (const std::string& name : tables_in(panel)) {
    const auto statuses = statuses_in(name, tables);
    for (const CsvTable& table = tables.at(name); const TableRow& row : table.rows) {
      if (!may_match(table, row, panel.value("where", Json::object()))) continue;
      Names cell;
      for (const std::string& column : columns) cell.push_back(*cell_of(table, row, column));
      RunList& runs = cells[cell][*cell_of(table, row, panel["worst_of"])];
      // Every table numbers its points from 0, and has the rows of a point together.
      const bool same_run =
          !runs.empty() && runs.back().table == &table &&
          cell_of(table, *runs.back().rows.back(), "point") == cell_of(table, row, "point");
      add_to_run(runs, table, row, same_run, statuses);
    }
  }
  return cells;
}

// As a search has it: a recorded loss that is not finite. Losses are undefined in runs without
// numbers, too, from the first row on.
bool has_diverged(const RunRows& run) {
  if (!run.cell(*run.rows.back(), "diverged_at_step").empty()) return true;
  bool had_loss = false;
  for (const TableRow* row : run.rows) {
    const bool has_loss = !run.cell(*row, "loss").empty();
    if (had_loss && !has_loss) return true;
    had_loss = has_loss;
  }
  return false;
}

// What a cell shows of one value on the axis.
struct Shown {
  std::vector<const TableRow*> rows;  // one of each run; none where the mean is undefined
  std::optional<double> mean;
  double deviation = NAN;  // NaN of a single run
};

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Undefined unless every row has a value.
Shown shown_rows(const RunList& runs, std::vector<const TableRow*> rows, const std::string& y) {
  std::vector<double> values;
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (const auto value = number_in(runs[i].cell(*rows[i], y))) values.push_back(*value);
  if (values.size() < runs.size()) return {};
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {std::move(rows), mean, std::sqrt(squares / static_cast<double>(values.size() - 1))};
}

// One row of each run at every step that all of them have.
std::vector<std::vector<const TableRow*>> aligned(const RunList& runs) {
  InOrder<std::string, std::vector<const TableRow*>> steps;
  for (const RunRows& run : runs)
    for (const TableRow* row : run.rows) steps[run.cell(*row, "step")].push_back(row);
  std::vector<std::vector<const TableRow*>> common;
  for (const auto& [step, rows] : steps)
    if (rows.size() == runs.size()) common.push_back(rows);
  return common;
}

Shown shown_of(const RunList& runs, const Json& panel) {
  if (std::any_of(runs.begin(), runs.end(), has_diverged)) return {};
  const std::string y = panel["y"], at = panel.value("at", "end");
  if (at == "end") {
    std::vector<const TableRow*> last;
    for (const RunRows& run : runs) last.push_back(run.rows.back());
    return shown_rows(runs, last, y);
  }
  Shown best;
  for (const auto& rows : aligned(runs)) {
    Shown other = shown_rows(runs, rows, y);
    if (other.mean &&
        (!best.mean || (at == "largest" ? *other.mean > *best.mean : *other.mean < *best.mean)))
      best = std::move(other);
  }
  return best;
}

double harm(const Shown& shown, bool less_is_worse) {
  if (!shown.mean) return std::numeric_limits<double>::infinity();
  return less_is_worse ? -*shown.mean : *shown.mean;
}

struct Worst {
  std::string value;  // on the axis
  const RunList* runs = nullptr;
  Shown shown;
};

Worst worst_of_cell(const RunsByValue& runs_by_value, const Json& panel) {
  const bool less_is_worse = is_worse_when_less(panel["y"]);
  Worst worst;
  std::size_t values = 0, equals = 0;
  for (const auto& [value, runs] : runs_by_value) {
    Shown shown = shown_of(runs, panel);
    const double now = harm(shown, less_is_worse), before = harm(worst.shown, less_is_worse);
    ++values;
    if (worst.runs != nullptr && now <= before) {
      if (now == before) ++equals;
      continue;
    }
    worst = {value, &runs, std::move(shown)};
    equals = 1;
  }
  if (values > 1 && equals == values) worst.value = kAnyIsWorst;
  return worst;
}

std::string number_or_nothing(double value) {
  return std::isnan(value) ? "" : fmt::format("{}", value);
}

bool has_step(const Json& panel, const FigureTables& tables) {
  return panel.contains("at") && tables.at(tables_in(panel).front()).column("step");
}

void add_rows(const Names& cell, const Worst& worst, const Json& panel, bool with_step,
              CsvTable& table) {
  for (std::size_t i = 0; i < worst.runs->size(); ++i) {
    const RunRows& run = (*worst.runs)[i];
    const TableRow* row = worst.shown.mean ? worst.shown.rows[i] : nullptr;
    TableRow cells = cell;
    cells.insert(cells.end(), {worst.value, run.seed()});
    if (with_step) cells.push_back(row == nullptr ? "" : run.cell(*row, "step"));
    cells.push_back(row == nullptr ? "" : run.cell(*row, panel["y"]));
    // Where cells are steps, a row alone does not show it.
    const bool lost_its_value = row == nullptr && run.status == "diverged";
    cells.push_back(has_diverged(run) || lost_its_value ? "1" : "0");
    cells.push_back(run.status);
    cells.push_back(number_or_nothing(worst.shown.mean.value_or(NAN)));
    cells.push_back(number_or_nothing(worst.shown.deviation));
    table.rows.push_back(cells);
  }
}

}  // namespace

Names worst_case_columns(const Json& panel, const FigureTables& tables) {
  Names columns = cell_columns(panel);
  columns.insert(columns.end(), {panel["worst_of"].get<std::string>(), "seed"});
  if (has_step(panel, tables)) columns.push_back("step");
  columns.insert(columns.end(), {panel["y"].get<std::string>(), "diverged", "status", "mean",
                                 "standard_deviation"});
  return columns;
}

CsvTable worst_cases(const Json& panel, const FigureTables& tables) {
  CsvTable table{worst_case_columns(panel, tables), {}};
  for (const auto& [cell, runs] : cells_of(panel, tables))
    add_rows(cell, worst_of_cell(runs, panel), panel, has_step(panel, tables), table);
  return table;
}

}  // namespace byzsim
