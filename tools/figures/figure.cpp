#include "tools/figures/figure.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/input/parameter_reader.h"
#include "tools/figures/panel.h"
#include "tools/figures/panel_values.h"
#include "tools/figures/worst_cases.h"
#include "tools/figures/worst_of.h"
#include "tools/input/json_schema.h"
#include "tools/sweep/sweep.h"

namespace byzsim {
namespace {

const Json& object_in(const Json& json, const char* key, Issues& issues) {
  // References are handed out, so that what they refer to outlives the call.
  static const Json empty = Json::object();
  if (!json.contains(key)) return empty;
  if (json[key].is_object()) return json[key];
  issues.push_back({pointer_to("", key), "must be an object, not " + brief(json[key]), ""});
  return empty;
}

const Json& list_in(const Json& json, const std::string& key, const std::string& where,
                    Issues& issues) {
  static const Json empty = Json::array();
  if (json.contains(key) && json[key].is_array()) return json[key];
  issues.push_back({pointer_to(where, key),
                    json.contains(key) ? "must be a list, not " + brief(json[key]) : "is missing",
                    ""});
  return empty;
}

ByTable<Json> objects_in(const Json& json, const char* key, Issues& issues) {
  ByTable<Json> objects;
  for (const auto& [table, value] : object_in(json, key, issues).items()) {
    if (value.is_object())
      objects.emplace_back(table, value);
    else
      issues.push_back(
          {pointer_to(pointer_to("", key), table), "must be an object, not " + brief(value), ""});
  }
  return objects;
}

template <class Visit>
void for_each_panel(const Json& plot, Visit visit) {
  // A plot that is still to be read, or is refused later, has none.
  const Json panels = plot.is_object() ? plot.value("panels", Json()) : Json();
  for (std::size_t i = 0; panels.is_array() && i < panels.size(); ++i) visit(i, panels[i]);
}

std::vector<std::string> worst_tables(const Figure& figure) {
  std::vector<std::string> names;
  for_each_panel(figure.plot, [&](std::size_t i, const Json& panel) {
    if (shows_worst(panel)) names.push_back(worst_table_name(i));
  });
  return names;
}

// Inches of paper.
bool is_size(const Json& json) {
  return json.is_number() && json.get<double>() >= 1 && json.get<double>() <= 100;
}

// The table of a panel must not hide another one.
void check_table_names(const Figure& figure, Issues& issues) {
  std::vector<std::string> names = tables_of(figure);
  for (const std::string& name : worst_tables(figure))
    if (std::count(names.begin(), names.end(), name) > 1)
      issues.push_back({"/plot/panels",
                        fmt::format("a panel with \"worst_of\" makes the table \"{}\", and "
                                    "another table has this name",
                                    name),
                        "rename the other one"});
}

void read_plot(const Json& json, Figure& figure, Issues& issues) {
  figure.plot = object_in(json, "plot", issues);
  refuse_unknown_keys(figure.plot, {"panels", "note", "columns", "width", "height"}, "/plot",
                      issues);
  if (figure.plot.contains("note")) check_drawn_text(figure.plot["note"], "/plot/note", issues);
  for (const char* key : {"width", "height"})
    if (figure.plot.contains(key) && !is_size(figure.plot[key]))
      issues.push_back({pointer_to("/plot", key),
                        "must be a number in [1, 100], not " + brief(figure.plot[key]), ""});
  const Json& panels = list_in(figure.plot, "panels", "/plot", issues);
  if (panels.empty()) issues.push_back({"/plot/panels", "must have at least one panel", ""});
  if (const Json columns = figure.plot.value("columns", Json(1));
      !columns.is_number_integer() || columns < 1 ||
      columns > std::max<std::size_t>(1, panels.size()))
    issues.push_back({"/plot/columns",
                      "must be an integer from 1 to the number of panels, not " + brief(columns),
                      ""});
  for (std::size_t i = 0; i < panels.size(); ++i)
    check_panel(panels[i], fmt::format("/plot/panels/{}", i), tables_of(figure), issues);
  check_table_names(figure, issues);
}

void read_expectations(const Json& json, Figure& figure, Issues& issues) {
  if (!json.contains("expect")) return;
  const Json& expect = list_in(json, "expect", "", issues);
  for (std::size_t i = 0; i < expect.size(); ++i)
    figure.expect.push_back(read_figure_expectation(expect[i], fmt::format("/expect/{}", i),
                                                    tables_of(figure), issues));
}

}  // namespace

std::vector<std::string> tables_of(const Figure& figure) {
  std::vector<std::string> names;
  for (const auto& [table, sweep] : figure.sweeps) {
    names.push_back(table);
    names.push_back(table + "-curves");
  }
  for (const auto& [table, grid] : figure.contractions) names.push_back(table);
  for (const auto& [table, scenario] : figure.timelines) names.push_back(table);
  for (const std::string& table : worst_tables(figure)) names.push_back(table);
  return names;
}

void add_worst_cases(const Figure& figure, FigureTables& tables) {
  for_each_panel(figure.plot, [&](std::size_t i, const Json& panel) {
    if (shows_worst(panel)) tables[worst_table_name(i)] = worst_cases(panel, tables);
  });
}

void add_worst_case_columns(const Figure& figure, FigureTables& tables) {
  // A panel may name the table of any other, and is refused later if it takes the worst of that.
  for (const std::string& name : worst_tables(figure)) tables[name] = {};
  for_each_panel(figure.plot, [&](std::size_t i, const Json& panel) {
    if (shows_worst(panel)) tables[worst_table_name(i)].columns = worst_case_columns(panel, tables);
  });
}

Json drawn_plot(const Figure& figure) {
  Json plot = figure.plot;
  for_each_panel(figure.plot, [&](std::size_t i, const Json& panel) {
    if (!shows_worst(panel)) return;
    Json& drawn = plot["panels"][i];
    drawn["table"] = worst_table_name(i);
    // Its rows are chosen already.
    drawn.erase("where");
    drawn.erase("at");
  });
  return plot;
}

Figure read_figure(const Json& json, const std::string& name) {
  if (!json.is_object())
    throw InputError({"", "a figure must be a JSON object, not " + brief(json), ""});
  Issues issues;
  Json keys = json;
  keys.erase("$schema");  // which an editor uses
  refuse_unknown_keys(keys, {"summary", "sweeps", "contractions", "timelines", "plot", "expect"},
                      "", issues);
  Figure figure;
  figure.name = name;
  if (json.contains("summary") && json["summary"].is_string())
    figure.summary = json["summary"].get<std::string>();
  else
    issues.push_back({"/summary", "must be one sentence", ""});
  figure.sweeps = objects_in(json, "sweeps", issues);
  // Tables before the plot and the expectations, which name them.
  figure.timelines = objects_in(json, "timelines", issues);
  for (const auto& [table, grid] : objects_in(json, "contractions", issues))
    figure.contractions.emplace_back(
        table, read_contraction_grid(grid, pointer_to("/contractions", table), issues));
  if (tables_of(figure).empty())
    issues.push_back(
        {"", "a figure must have a table", "add \"sweeps\", \"contractions\" or \"timelines\""});
  read_plot(json, figure, issues);
  read_expectations(json, figure, issues);
  throw_if_any(issues);
  return figure;
}

Json figure_schema() {
  const Json text = {{"type", "string"}}, number = {{"type", "number"}};
  Json sweep = sweep_schema();
  Json parts = sweep["$defs"];  // to which the sweep refers
  // References inside the sweep begin at the whole schema, so its parts move there.
  sweep.erase("$defs");
  sweep.erase("$schema");
  parts["sweep"] = sweep;
  const Json plot = object_schema({{"panels", list_schema(panel_schema(), "From left to right")},
                                   {"note", text},
                                   {"columns", {{"type", "integer"}, {"minimum", 1}}},
                                   {"width", number},
                                   {"height", number}},
                                  {"panels"}, "Drawing; the note states the settings");
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "byzsim figure"}};
  schema.update(object_schema(
      {{"$schema", text},
       {"summary", text},
       {"sweeps",
        named_schema({{"$ref", "#/$defs/sweep"}}, "Each yields the tables NAME and NAME-curves")},
       {"contractions", named_schema(contraction_grid_schema(), "A table of gathers each")},
       {"timelines", named_schema({{"$ref", "#/$defs/scenario"}}, "A table of messages each")},
       {"plot", plot},
       {"expect",
        list_schema(figure_expectation_schema(), "Claims that the results must satisfy")}},
      {"summary", "plot"}, "A byzsim figure"));
  schema["$defs"] = parts;
  return schema;
}

Issues undrawable_rows(const Figure& figure, const FigureTables& known) {
  Issues issues;
  const Json& panels = figure.plot["panels"];
  for (std::size_t i = 0; i < panels.size(); ++i) {
    const Issues more = undrawable_rows(panels[i], fmt::format("/plot/panels/{}", i), known);
    issues.insert(issues.end(), more.begin(), more.end());
  }
  return issues;
}

Issues missing_columns(const Figure& figure, const FigureTables& tables) {
  Issues issues;
  const auto add = [&](const Issues& more) {
    issues.insert(issues.end(), more.begin(), more.end());
  };
  const Json& panels = figure.plot["panels"];
  for (std::size_t i = 0; i < panels.size(); ++i)
    add(missing_columns(panels[i], fmt::format("/plot/panels/{}", i), tables));
  for (std::size_t i = 0; i < figure.expect.size(); ++i)
    add(missing_columns(figure.expect[i], tables, fmt::format("/expect/{}", i)));
  return issues;
}

}  // namespace byzsim
