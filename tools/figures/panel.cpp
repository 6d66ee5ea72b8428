#include "tools/figures/panel.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <regex>
#include <set>
#include <utility>

#include "core/input/parameter_reader.h"
#include "tools/figures/panel_rows.h"
#include "tools/figures/panel_values.h"
#include "tools/figures/worst_of.h"
#include "tools/input/csv_table.h"
#include "tools/input/json_schema.h"

namespace byzsim {
namespace {

using WordList = std::vector<std::string>;

// What every panel may say beside its kind and its table.
const WordList kCommon = {"kind",    "table",   "where",   "title",         "labels",
                          "lines",   "x_label", "y_label", "x_scale",       "y_scale",
                          "x_range", "y_range", "x_ticks", "legend_columns"};

// What may be said under a key, in the words of JSON schema (none where it names columns or what is
// checked by itself), and what it says.
struct Shape {
  std::string key;
  WordList types;
  std::string sentence;
};

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all = {
      {"kind", {}, "What is drawn"},
      {"table", {}, "A table of this figure, or several as one"},
      {"where", {"object"}, "Only rows with these values: {column: value or list of values}"},
      {"title", {"string"}, "Above the panel"},
      {"labels", {"object"}, "Labels of values, and their order: {value: label}"},
      {"lines",
       {"array"},
       "Horizontal lines with a label each: {\"y\"} at a number, or "
       "{\"mean_of\"} a table at its mean of the panel's y"},
      {"x_label", {"string"}, "Below the axis"},
      {"y_label", {"string"}, "Beside the axis"},
      {"x_scale", {"string"}, "linear or log"},
      {"y_scale", {"string"}, "linear or log"},
      {"x_range", {"array"}, "[from, to]; null for an end chosen by the data"},
      {"y_range", {"array"}, "[from, to]; null for an end chosen by the data"},
      {"x_ticks", {"array"}, "Instead of numbers: [{\"at\", \"text\"}, ...]"},
      {"legend_columns", {"number"}, "Columns of the legend; 1 by default"},
      {"x", {}, "The column along the horizontal axis; of bars and cells, what names them"},
      {"y", {}, "The column that is drawn, or the ratio of one to another"},
      {"series", {"string"}, "The column whose values are drawn as separate series"},
      {"x_of", {"string"}, "Compare runs at equal values of this column; x is its mean over them"},
      {"dots", {"string"}, "A second column, drawn as dots beside the curve"},
      {"markers", {"boolean"}, "false: no markers on the curves"},
      {"steps", {"boolean"}, "true: y holds until the next x"},
      {"at",
       {"string", "object"},
       "The row that represents a run: end, largest, smallest, or the "
       "first in which a column reaches a level: {column: level}; beside \"worst_of\" of the mean "
       "over seeds"},
      {"worst_of",
       {"string"},
       "The axis, such as an attack, of which each cell or point shows the worst value once seeds "
       "are "
       "averaged: the smallest accuracy, the largest of other columns. Its rows become the table "
       "panel-1 of the first panel"},
      {"values", {"string"}, "Write the values, in this format of Python: \".2f\""},
      {"relative_to",
       {"object"},
       "Divide by the mean of these rows at the same x: {column: value}"},
      {"rows", {}, "The column that names the rows of cells"},
      {"spread",
       {"boolean"},
       "true: write the standard deviation over the runs of a cell below their mean"},
      {"colour_range",
       {"array"},
       "[from, to] of the colours of cells; null for an end chosen by the data"},
      {"colour_label", {"string"}, "Beside the colour bar of cells"},
      {"marks", {"object"}, "After the value where a column is 1: {column: mark}"},
      {"nodes", {"object"}, "Nodes that are drawn, from above: {\"server 0\": label}"}};
  return all;
}

// A kind of panel: the columns it needs, those it may name, and its further keys.
struct Kind {
  std::string name;
  WordList needed;
  WordList columns;
  WordList more;
  WordList demanded = {};  // of the keys that name no columns
  WordList implied = {};   // columns that it draws unasked
};

const std::vector<Kind>& kinds() {
  static const std::vector<Kind> all = {
      {"curves", {"x", "y"}, {"series", "x_of", "dots"}, {"markers", "steps", "at", "worst_of"}},
      {"points", {"x", "y"}, {"series"}, {"at", "worst_of"}},
      {"bars", {"x", "y"}, {"series"}, {"at", "values", "relative_to", "worst_of"}},
      {"cells",
       {"x", "y", "rows"},
       {},
       {"values", "marks", "spread", "colour_range", "colour_label", "at", "worst_of"}},
      {"space_time",
       {},
       {},
       {"nodes"},
       {"nodes", "x_range"},
       {"sender", "receiver", "phase", "step", "sent_seconds", "arrived_seconds", "verdict",
        "value"}},
      {"gather", {"series"}, {}, {}, {}, {"values", "diameter", "low", "high", "worst_diameter"}}};
  return all;
}

const Kind* kind_of(const Json& panel) {
  for (const Kind& kind : kinds())
    if (panel.value("kind", Json()) == kind.name) return &kind;
  return nullptr;
}

WordList kind_names() {
  WordList names;
  for (const Kind& kind : kinds()) names.push_back(kind.name);
  return names;
}

WordList keys_of(const Kind& kind) {
  WordList keys = kCommon;
  for (const WordList* more : {&kind.needed, &kind.columns, &kind.more})
    keys.insert(keys.end(), more->begin(), more->end());
  return keys;
}

// What Python's format() takes for a number, but for a sign of fill.
bool is_number_format(const std::string& format) {
  // plot.py passes the text to format(), where anything else would end the drawing after all runs.
  static const std::regex pattern(R"([<>=^]?[-+ ]?#?0?[0-9]{0,3}[,_]?(\.[0-9]{1,2})?[eEfFgGn%]?)");
  return std::regex_match(format, pattern);
}

std::string type_of(const Json& value) { return value.is_number() ? "number" : value.type_name(); }

void check_shapes(const Json& panel, const Kind& kind, const std::string& where, Issues& issues) {
  for (const auto& [key, types, sentence] : shapes())
    if (panel.contains(key) && !types.empty() &&
        std::find(types.begin(), types.end(), type_of(panel[key])) == types.end())
      issues.push_back({pointer_to(where, key),
                        fmt::format("must be of the type {}, not {}", fmt::join(types, " or "),
                                    brief(panel[key])),
                        ""});
  if (panel.contains("values") && panel["values"].is_string() && !is_number_format(panel["values"]))
    issues.push_back({pointer_to(where, "values"),
                      brief(panel["values"]) + " is not a format of numbers in Python",
                      "write \".2f\" for two digits after the point, or \".1%\" for percent"});
  for (const std::string& key : kind.demanded)
    if (!panel.contains(key)) issues.push_back({pointer_to(where, key), "is missing", ""});
  check_panel_values(panel, where, issues);
}

// What a panel of messages shows ends somewhere.
void check_end_of_time(const Json& panel, const std::string& where, Issues& issues) {
  const Json range = panel.value("x_range", Json());
  if (panel["kind"] == "space_time" && range.is_array() && range.size() == 2 && range[1].is_null())
    issues.push_back({where + "/x_range/1", "must be a number here, not null",
                      "write the last millisecond that is shown"});
}

void check_tables(const Json& panel, const std::string& where, const WordList& tables,
                  Issues& issues) {
  const auto check = [&](const std::string& name, const std::string& place) {
    if (std::find(tables.begin(), tables.end(), name) == tables.end())
      issues.push_back({place, "unknown table '" + name + "'", choose_from(name, tables)});
  };
  if (tables_in(panel).empty())
    issues.push_back({pointer_to(where, "table"), "must name a table", choose_from("", tables)});
  for (const std::string& name : tables_in(panel)) check(name, pointer_to(where, "table"));
  if (panel.contains("lines") && panel["lines"].is_array())
    for (const Json& line : panel["lines"])
      if (line.is_object() && line.contains("mean_of"))
        check(line["mean_of"].is_string() ? line["mean_of"].get<std::string>() : "",
              pointer_to(where, "lines"));
}

// A column, or the two of a ratio: {"of", "per"}.
WordList columns_in(const Json& named) {
  if (named.is_string()) return {named.get<std::string>()};
  WordList columns;
  if (named.is_object())
    for (const char* key : {"of", "per"})
      if (named.contains(key) && named[key].is_string())
        columns.push_back(named[key].get<std::string>());
  return columns;
}

constexpr std::size_t kMostSeries = 7;  // styles in paper.mplstyle

void add_all(Issues& issues, const Issues& more) {
  issues.insert(issues.end(), more.begin(), more.end());
}

// A column's name; of what is drawn also the ratio of two.
bool names_column(const Json& named, bool may_be_ratio) {
  if (named.is_string()) return true;
  return may_be_ratio && named.is_object() && named.size() == 2 && columns_in(named).size() == 2;
}

}  // namespace

void check_panel(const Json& panel, const std::string& where, const WordList& tables,
                 Issues& issues) {
  if (!panel.is_object()) {
    issues.push_back({where, "a panel must be an object, not " + brief(panel), ""});
    return;
  }
  const Kind* kind = kind_of(panel);
  if (kind == nullptr) {
    const Json named = panel.value("kind", Json());
    const std::string name = named.is_string() ? named.get<std::string>() : "";
    issues.push_back({pointer_to(where, "kind"),
                      name.empty() ? "must name a kind of panel, not " + brief(named)
                                   : "unknown kind of panel '" + name + "'",
                      choose_from(name, kind_names())});
    return;
  }
  refuse_unknown_keys(panel, keys_of(*kind), where, issues);
  for (const std::string& needed : kind->needed)
    if (!panel.contains(needed) || !names_column(panel[needed], needed == "y"))
      issues.push_back({pointer_to(where, needed), "must name a column", ""});
  check_shapes(panel, *kind, where, issues);
  check_end_of_time(panel, where, issues);
  check_worst_of(panel, where, issues);
  check_tables(panel, where, tables, issues);
}

Json panel_schema() {
  const Json text = {{"type", "string"}};
  const Json column = {
      {"anyOf",
       {text, object_schema({{"of", text}, {"per", text}}, {"of", "per"}, "A ratio of columns")}}};
  Json panels = Json::array();
  for (const Kind& kind : kinds()) {
    Json properties, required = {"kind", "table"};
    for (const std::string& key : keys_of(kind)) properties[key] = Json::object();
    for (const auto& [key, types, sentence] : shapes())
      if (properties.contains(key) && !types.empty()) properties[key]["type"] = types;
    properties["kind"] = {{"const", kind.name}};
    properties["table"] = {{"anyOf", {text, list_schema(text, "Several tables as one")}}};
    for (const std::string& needed : kind.needed) {
      properties[needed] = needed == "y" ? column : text;
      required.push_back(needed);
    }
    for (const std::string& demanded : kind.demanded) required.push_back(demanded);
    for (const auto& [key, types, sentence] : shapes())
      if (properties.contains(key)) properties[key]["description"] = sentence;
    panels.push_back(object_schema(properties, required, "A panel of the kind " + kind.name));
  }
  return {{"anyOf", panels}};
}

Issues missing_columns(const Json& panel, const std::string& where, const FigureTables& tables) {
  // There is one: check_panel has passed.
  const Kind& kind = *kind_of(panel);
  const WordList names = tables_in(panel);
  Issues issues;
  const auto has = [&](const std::string& name, const std::string& column) {
    return tables.at(name).column(column).has_value();
  };
  const auto require = [&](const std::string& column, const std::string& key, bool in_all) {
    const auto lacking = std::find_if_not(names.begin(), names.end(),
                                          [&](const auto& name) { return has(name, column); });
    const bool enough = in_all ? lacking == names.end()
                               : std::any_of(names.begin(), names.end(),
                                             [&](const auto& name) { return has(name, column); });
    if (!enough)
      issues.push_back({pointer_to(where, key), "there is no column \"" + column + "\"",
                        choose_from(column, tables.at(*lacking).columns)});
  };
  for (const WordList* keys : {&kind.needed, &kind.columns})
    for (const std::string& key : *keys)
      if (panel.contains(key))
        for (const std::string& column : columns_in(panel[key])) require(column, key, true);
  for (const std::string& name : names)
    if (!std::all_of(kind.implied.begin(), kind.implied.end(),
                     [&](const std::string& column) { return has(name, column); }))
      issues.push_back(
          {pointer_to(where, "table"),
           fmt::format("has not the columns that a panel of the kind {} draws", kind.name),
           fmt::format("name a table of \"{}\"",
                       kind.name == "gather" ? "contractions" : "timelines")});
  // Conditions may be about columns of only some of the tables drawn as one.
  for (const auto& [key, in_all] :
       {std::pair{"where", false}, {"relative_to", false}, {"marks", true}})
    if (panel.contains(key) && panel[key].is_object())
      for (const auto& [column, value] : panel[key].items()) require(column, key, in_all);
  if (panel.contains("at")) require("point", "at", true);
  if (panel.contains("at") && panel["at"].is_object())
    for (const auto& [column, level] : panel["at"].items()) require(column, "at", true);
  for (const Json& line : panel.value("lines", Json::array()))
    if (line.contains("mean_of") && panel.contains("y"))
      for (const std::string& column : columns_in(panel["y"]))
        if (!has(line["mean_of"].get<std::string>(), column))
          issues.push_back({pointer_to(where, "lines"),
                            fmt::format("the table {} has no column \"{}\"",
                                        line["mean_of"].get<std::string>(), column),
                            ""});
  add_all(issues, misplaced_worst(panel, where, tables));
  return issues;
}

Issues undrawable_rows(const Json& panel, const std::string& where, const FigureTables& known) {
  const WordList names = tables_in(panel);
  for (const std::string& name : names)
    // One unknown table of several may hold the rows that the others lack.
    if (!known.contains(name)) return {};  // what it will hold is not known
  std::set<std::string> series;
  std::string no_number;
  std::size_t rows = 0;
  for (const std::string& name : names)
    for (const CsvTable& table = known.at(name); const TableRow& row : table.rows) {
      if (!may_match(table, row, panel.value("where", Json::object()))) continue;
      ++rows;
      if (const auto cell = cell_of(table, row, panel.value("series", Json())))
        series.insert(*cell);
      const auto x = cell_of(table, row, panel.value("x", Json()));
      if (x && no_number.empty() && !number_in(*x)) no_number = *x;
    }
  Issues issues;
  if (rows == 0)
    issues.push_back({pointer_to(where, "where"), "no row of the tables has these values",
                      "write them as the tables have them"});
  if (series.size() > kMostSeries)
    issues.push_back({pointer_to(where, "series"),
                      fmt::format("has {} values, and at most {} series can be told apart",
                                  series.size(), kMostSeries),
                      "choose some of them by \"where\""});
  // Bars and cells stand beside each other by name; only these need positions.
  const bool along_numbers = panel["kind"] == "curves" || panel["kind"] == "points";
  if (along_numbers && !no_number.empty())
    issues.push_back({pointer_to(where, "x"), brief(no_number) + " is not a number",
                      "draw bars, or zip the axis with one of numbers"});
  add_all(issues, mixed_cells(panel, where, known));
  return issues;
}

}  // namespace byzsim
