// A sweep from its JSON, with every mistake that can be seen before a scenario is made; its schema.
#include <fmt/format.h>

#include <algorithm>

#include "adversaries/known_strategies.h"
#include "core/input/parameter_reader.h"
#include "sim/scenario/scenario_checks.h"
#include "sim/scenario/scenario_json.h"
#include "tools/input/json_schema.h"
#include "tools/sweep/axis.h"
#include "tools/sweep/condition.h"
#include "tools/sweep/merge_sweep.h"
#include "tools/sweep/range.h"
#include "tools/sweep/sweep.h"

namespace byzsim {
namespace {

// A plan is held in memory, every point with its values.
constexpr double kMostPoints = 1'000'000;

const std::vector<Parameter>& sweep_parameters() {
  static const std::vector<Parameter> declared = {
      text("name", "", "Name of the results' directory; by default the file's name"),
      text("summary", "", "One sentence"),
      integer("repeat", 1, 1, kMostPoints,
              "Number of seeds of every point: the scenario's, the next, ...")};
  return declared;
}

Json with_schemas(Json properties, const std::vector<Parameter>& declared) {
  for (const Parameter& parameter : declared) properties[parameter.name] = schema_of(parameter);
  return properties;
}

const Json& list_at(const Json& json, const char* key, Issues& issues) {
  // References are handed out, so that what they refer to outlives the call.
  static const Json empty = Json::array();
  if (!json.contains(key)) return empty;
  if (json[key].is_array()) return json[key];
  issues.push_back({pointer_to("", key), "must be a list, not " + brief(json[key]), ""});
  return empty;
}

void check_columns(const std::vector<Axis>& axes, Issues& issues) {
  const std::vector<std::string> reserved = reserved_columns();
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < axes.size(); ++i)
    for (const std::string& column : axes[i].columns) {
      const std::string where = fmt::format("/axes/{}", i);
      if (std::find(seen.begin(), seen.end(), column) != seen.end())
        issues.push_back({where, fmt::format("duplicate axis \"{}\"", column),
                          "give it another \"name\", or leave one out"});
      // summary.csv would have two columns of that name.
      if (std::find(reserved.begin(), reserved.end(), column) != reserved.end())
        issues.push_back({where, fmt::format("\"{}\" is a column of the results", column),
                          "give the axis another \"name\""});
      seen.push_back(column);
    }
}

// Two axes that put values at one place would hide each other.
void check_overlaps(const std::vector<Axis>& axes, Issues& issues) {
  std::vector<std::string> seen;
  bool replaced = false;
  for (std::size_t i = 0; i < axes.size(); ++i) {
    const std::string where = fmt::format("/axes/{}", i);
    std::vector<std::string> here;
    bool replaces = false;
    for (const Position& position : axes[i].positions) {
      replaces = replaces || position.scenario.has_value();
      for (const Change& change : position.changes) here.push_back(change.pointer);
    }
    std::sort(here.begin(), here.end());
    here.erase(std::unique(here.begin(), here.end()), here.end());
    for (const std::string& pointer : here)
      if (std::find(seen.begin(), seen.end(), pointer) != seen.end())
        issues.push_back({where, fmt::format("an earlier axis also changes {}", pointer), ""});
    if (replaces && replaced)
      issues.push_back({where, "an earlier axis also gives scenarios", "use \"set\" in one"});
    seen.insert(seen.end(), here.begin(), here.end());
    replaced = replaced || replaces;
  }
}

// Its values would be the first seeds of every point, not those that ran.
void check_seeds(const Sweep& sweep, Issues& issues) {
  if (sweep.repeat == 1) return;
  for (std::size_t i = 0; i < sweep.axes.size(); ++i) {
    const auto& positions = sweep.axes[i].positions;
    const bool of_seeds = std::any_of(positions.begin(), positions.end(), [](const Position& each) {
      return std::any_of(each.changes.begin(), each.changes.end(),
                         [](const Change& change) { return change.pointer == "/seed"; });
    });
    if (of_seeds)
      issues.push_back({fmt::format("/axes/{}", i),
                        fmt::format("changes /seed, and so do the {} repetitions", sweep.repeat),
                        "list all seeds on the axis, or leave the axis out"});
  }
}

void check_size(const Sweep& sweep, Issues& issues) {
  // As doubles: a product of many axes does not fit into an integer.
  double points = double(sweep.repeat);
  for (const Axis& axis : sweep.axes) points *= double(axis.positions.size());
  if (points > kMostPoints)
    issues.push_back({"/axes",
                      fmt::format("{:.3g} points; at most {:.0f} are allowed", points, kMostPoints),
                      "use fewer values or seeds"});
}

}  // namespace

Sweep read_sweep(const Json& json) {
  if (!json.is_object())
    throw InputError({"", "a sweep must be a JSON object, not " + brief(json), ""});
  Issues issues;
  // What remains are the declared parameters: an unknown key is reported with those.
  Json scalars = json;
  for (const char* key :
       {"$schema", "scenario", "set", "axes", "where", "folders", "inputs", "plan"})
    scalars.erase(key);
  const Parameters parameters = read_parameters(sweep_parameters(), scalars, "", issues);
  Sweep sweep;
  sweep.name = parameters.text("name");
  sweep.summary = parameters.text("summary");
  sweep.repeat = parameters.integer("repeat");
  // It names a directory.
  check_name(sweep.name, issues);
  const std::vector<Change> set =
      json.contains("set") ? read_changes(json["set"], "/set", issues) : std::vector<Change>{};
  // Before the axes, whose variants take its seed.
  sweep.scenario = changed_scenario(json.value("scenario", Json()), "/scenario", set, issues);
  const Json& axes = list_at(json, "axes", issues);
  for (std::size_t i = 0; i < axes.size(); ++i)
    sweep.axes.push_back(read_axis(axes[i], fmt::format("/axes/{}", i), sweep, set, issues));
  check_columns(sweep.axes, issues);
  check_overlaps(sweep.axes, issues);
  check_seeds(sweep, issues);
  const Json& where = list_at(json, "where", issues);
  for (std::size_t i = 0; i < where.size(); ++i)
    if (auto condition = read_condition(where[i], fmt::format("/where/{}", i), sweep.axes, issues))
      sweep.where.push_back(*condition);
  for (const Json& folder : list_at(json, "folders", issues))
    sweep.folders.emplace_back(folder.is_string() ? folder.get<std::string>() : "");
  check_size(sweep, issues);
  throw_if_any(issues);
  return sweep;
}

Json sweep_schema() {
  const Json text = {{"type", "string"}, {"minLength", 1}};
  const Json pointer = {{"type", "string"}, {"pattern", "^/"}};
  Json scenario = {{"anyOf", {text, {{"$ref", "#/$defs/scenario"}}}}};
  scenario["description"] =
      "A shipped scenario, a path relative to this file, or the scenario itself";
  const Json range = object_schema(with_schemas({{"from", {{"type", {"number", "string"}}}},
                                                 {"to", {{"type", {"number", "string"}}}}},
                                                range_parameters()),
                                   {"from", "to"}, "Evenly spaced values, both ends included");
  Json line = object_schema({{"name", text},
                             {"pointer", pointer},
                             {"values", {{"type", "array"}, {"minItems", 1}}},
                             {"range", range}},
                            {"pointer"}, "Values of one key");
  line["oneOf"] = {{{"required", {"values"}}}, {{"required", {"range"}}}};
  const Json zip = object_schema(
      {{"zip", {{"type", "array"}, {"minItems", 2}, {"items", {{"$ref", "#/$defs/line"}}}}}},
      {"zip"}, "Axes of equal length that vary together");
  const Json set = {{"type", "object"},
                    {"description", "Changes: JSON pointers and their values"},
                    {"propertyNames", pointer}};
  const Json labelled = {
      {"type", "object"},
      {"description", "Variants by their labels"},
      {"minProperties", 1},
      {"additionalProperties",
       object_schema({{"scenario", scenario}, {"set", set}}, {}, "What the variant changes")}};
  const Json variants =
      object_schema({{"name", text}, {"variants", labelled}}, {"variants"}, "Named alternatives");
  Json condition = object_schema(with_schemas({{"value", Json::object()}}, condition_parameters()),
                                 {"axis", "relation"}, "Keeps the points that satisfy it");
  condition["oneOf"] = {{{"required", {"value"}}}, {{"required", {"other"}}}};
  const Json folders = {{"type", "array"},
                        {"description",
                         "Where relative paths of axes begin [default: beside this "
                         "file, else in the working directory]"},
                        {"items", text}};
  const Json inputs = {{"type", "array"},
                       {"description",
                        "Input files of the runs, as byzsim lists them in "
                        "sweep.json; changes nothing"}};
  const Json plan = {{"type", "string"},
                     {"description",
                      "Digest of plan.jsonl, as byzsim writes it in sweep.json; "
                      "changes nothing"}};
  Json whole_scenario = scenario_schema(scenario_tables());
  // A schema inside another has no dialect of its own.
  whole_scenario.erase("$schema");
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "byzsim sweep"}};
  schema.update(object_schema(
      with_schemas({{"$schema", text},
                    {"scenario", scenario},
                    {"set", set},
                    {"axes",
                     {{"type", "array"},
                      {"items", {{"anyOf", {{{"$ref", "#/$defs/line"}}, zip, variants}}}}}},
                    {"where", {{"type", "array"}, {"items", condition}}},
                    {"folders", folders},
                    {"inputs", inputs},
                    {"plan", plan}},
                   sweep_parameters()),
      {"scenario"}, "A byzsim sweep"));
  schema["$defs"] = {{"line", line}, {"scenario", whole_scenario}};
  return schema;
}

}  // namespace byzsim
