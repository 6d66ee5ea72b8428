#include "tools/figures/worst_of.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/input/parameter_reader.h"
#include "tools/figures/panel_rows.h"

namespace byzsim {
namespace {

using Names = std::vector<std::string>;

// What may tell cells apart.
const Names kCellKeys = {"x", "rows", "series"};

bool is_in(const Names& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Of a sweep's table as it is merged: what is between the number of the point and its seed.
Names axes_of(const CsvTable& table) {
  const auto point = table.column("point"), seed = table.column("seed");
  if (!point || !seed || *seed <= *point) return {};
  return {table.columns.begin() + static_cast<std::ptrdiff_t>(*point + 1),
          table.columns.begin() + static_cast<std::ptrdiff_t>(*seed)};
}

// Tables of curves have a row for each recorded step of a run, tables of runs one row.
bool has_rows_of_steps(const CsvTable& table) { return table.column("step").has_value(); }

// Cells of curves may be one for each step, unless "at" chooses a single row of a run.
bool may_tell_apart(const Json& panel, const CsvTable& table, const std::string& column) {
  if (column == "step" && has_rows_of_steps(table)) return !panel.contains("at");
  return is_in(axes_of(table), column);
}

void add_misplaced(const Json& panel, const std::string& where, const std::string& name,
                   const CsvTable& table, Issues& issues) {
  const std::string axis = panel["worst_of"];
  const Names axes = axes_of(table);
  if (!is_in(axes, axis))
    issues.push_back({pointer_to(where, "worst_of"),
                      fmt::format("the table {} has no axis \"{}\"", name, axis),
                      axes.empty() ? "add one to its sweep" : choose_from(axis, axes)});
  for (const std::string& key : kCellKeys) {
    const Json column = panel.value(key, Json());
    // Columns that the table lacks are reported as such.
    if (!column.is_string() || !table.column(column.get<std::string>()) ||
        may_tell_apart(panel, table, column))
      continue;
    issues.push_back({pointer_to(where, key),
                      brief(column) + " is not an axis, and seeds are averaged at equal values",
                      choose_from(column.get<std::string>(), axes)});
  }
  if (has_rows_of_steps(table) && !panel.contains("at") && !is_in(cell_columns(panel), "step"))
    issues.push_back({pointer_to(where, "at"),
                      fmt::format("is missing: a run has several rows in the table {}", name),
                      "write \"end\", \"largest\" or \"smallest\""});
}

// The values of each axis that the runs of a cell and of one value of "worst_of" have.
using ValuesByAxis = std::map<std::string, std::set<std::string>>;

std::map<Names, ValuesByAxis> values_in_cells(const Json& panel, const FigureTables& known) {
  Names apart = cell_columns(panel);
  apart.push_back(panel["worst_of"]);
  std::map<Names, ValuesByAxis> cells;
  for (const std::string& name : tables_in(panel))
    for (const CsvTable& table = known.at(name); const TableRow& row : table.rows) {
      if (!may_match(table, row, panel.value("where", Json::object()))) continue;
      Names cell;
      for (const std::string& column : apart)
        // Nothing is known of steps.
        cell.push_back(cell_of(table, row, column).value_or(""));
      for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (const std::string& column = table.columns[i];
            column != "point" && column != "seed" && !is_in(apart, column))
          cells[cell][column].insert(row[i]);
    }
  return cells;
}

// Whether "where" leaves a single value of the axis.
bool fixes_axis(const Json& panel) {
  const Json where = panel.value("where", Json());
  const std::string axis = panel["worst_of"];
  if (!where.is_object() || !where.contains(axis)) return false;
  return !where[axis].is_array() || where[axis].size() == 1;
}

}  // namespace

bool shows_worst(const Json& panel) {
  return panel.is_object() && panel.contains("worst_of") && panel["worst_of"].is_string();
}

std::string worst_table_name(std::size_t panel) { return fmt::format("panel-{}", panel + 1); }

Names cell_columns(const Json& panel) {
  Names columns;
  for (const std::string& key : kCellKeys)
    if (panel.contains(key) && panel[key].is_string()) columns.push_back(panel[key]);
  return columns;
}

void check_worst_of(const Json& panel, const std::string& where, Issues& issues) {
  if (!shows_worst(panel)) return;
  if (fixes_axis(panel))
    issues.push_back({pointer_to(pointer_to(where, "where"), panel["worst_of"].get<std::string>()),
                      fmt::format("leaves one value of {}, which is then the worst in every cell",
                                  brief(panel["worst_of"])),
                      "leave it out, or list several values"});
  for (const std::string& key : kCellKeys)
    if (panel.value(key, Json()) == panel["worst_of"])
      issues.push_back({pointer_to(where, "worst_of"),
                        fmt::format("{} is \"{}\" of the panel, too", brief(panel[key]), key),
                        "name an axis that the panel does not show"});
  if (panel.value("y", Json()).is_object())
    issues.push_back({pointer_to(where, "y"), "must be one column beside \"worst_of\"",
                      "name the column that is compared"});
  if (panel.value("at", Json()).is_object())
    issues.push_back({pointer_to(where, "at"), "must be a word beside \"worst_of\"",
                      "write \"end\", \"largest\" or \"smallest\""});
  for (const char* key : {"x_of", "dots", "marks", "relative_to"})
    if (panel.contains(key))
      issues.push_back({pointer_to(where, key), "cannot be combined with \"worst_of\"",
                        "leave one of them out"});
}

Issues misplaced_worst(const Json& panel, const std::string& where, const FigureTables& tables) {
  if (!shows_worst(panel)) return {};
  Issues issues;
  for (const std::string& name : tables_in(panel))
    if (tables.at(name).column("point"))
      add_misplaced(panel, where, name, tables.at(name), issues);
    else
      issues.push_back({pointer_to(where, "table"),
                        fmt::format("{} has no runs, of which \"worst_of\" takes the worst", name),
                        "name a table of \"sweeps\""});
  return issues;
}

Issues mixed_cells(const Json& panel, const std::string& where, const FigureTables& known) {
  if (!shows_worst(panel)) return {};
  ValuesByAxis mixed;
  for (const auto& [cell, values] : values_in_cells(panel, known))
    for (const auto& [axis, found] : values)
      if (found.size() > 1) mixed[axis].insert(found.begin(), found.end());
  Issues issues;
  for (const auto& [axis, values] : mixed)
    issues.push_back({pointer_to(where, "worst_of"),
                      fmt::format("a cell has runs with several values of \"{}\" ({}), but only "
                                  "seeds are averaged",
                                  axis, fmt::join(values, ", ")),
                      fmt::format("choose one by \"where\": {{\"{}\": ...}}", axis)});
  return issues;
}

}  // namespace byzsim
