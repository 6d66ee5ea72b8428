#include "tools/sweep/axis.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/input/parameter_reader.h"
#include "core/input/printable.h"
#include "tools/sweep/measured.h"
#include "tools/sweep/range.h"
#include "tools/sweep/whole_keys.h"

namespace byzsim {
namespace {

// A pointer and what is put there: a plain axis, or one of those that are zipped together.
struct Line {
  std::string column;
  std::string pointer;
  std::vector<Json> values;
};

std::string text_at(const Json& object, const char* key, const std::string& where, Issues& issues) {
  if (!object.contains(key)) return "";
  const Json& held = object[key];
  if (held.is_string() && !held.get<std::string>().empty()) return held.get<std::string>();
  issues.push_back({pointer_to(where, key), "must be a string, not " + brief(held), ""});
  return "";
}

bool is_pointer(const std::string& text) { return !text.empty() && text.front() == '/'; }

void check_pointer(const std::string& pointer, const std::string& where, Issues& issues) {
  if (!is_pointer(pointer))
    issues.push_back({where, fmt::format("'{}' is not a JSON pointer", pointer),
                      "write \"/key/key\", for example \"/workers/byzantine/actual\""});
  // A library stays in the process that has loaded it, with all that it adds to the tables.
  if (pointer == "/plugins" || pointer.starts_with("/plugins/"))
    issues.push_back(
        {where, "all runs of a sweep must have the same plugins",
         "list them under \"plugins\" in the scenario, or give them with --plugin FILE"});
}

std::vector<Json> listed_values(const Json& list, const std::string& where, Issues& issues) {
  if (!list.is_array() || list.empty()) {
    issues.push_back({where, "must be a list of values, not " + brief(list), ""});
    return {};
  }
  return {list.begin(), list.end()};
}

std::vector<Json> values_of_line(const Json& json, const std::string& pointer,
                                 const std::string& where, Issues& issues) {
  const bool listed = json.contains("values"), ranged = json.contains("range");
  if (listed == ranged) {
    issues.push_back({where, "must have either \"values\" or a \"range\"", ""});
    return {};
  }
  if (listed) return listed_values(json["values"], where + "/values", issues);
  return values_of_range(json["range"], takes_whole_numbers(pointer), where + "/range", issues);
}

Line read_line(const Json& json, const std::string& where, Issues& issues) {
  if (!json.is_object() || !json.contains("pointer")) {
    issues.push_back({where, "must have a \"pointer\" to what it changes",
                      "for example {\"pointer\": \"/steps\", \"values\": [100, 200]}"});
    return {};
  }
  refuse_unknown_keys(json, {"name", "pointer", "values", "range"}, where, issues);
  Line line;
  line.pointer = text_at(json, "pointer", where, issues);
  if (!line.pointer.empty()) check_pointer(line.pointer, where + "/pointer", issues);
  line.column = text_at(json, "name", where, issues);
  // The pointer is a name of its own: no two axes may change one key.
  if (line.column.empty()) line.column = line.pointer;
  line.values = values_of_line(json, line.pointer, where, issues);
  return line;
}

bool same_values(const Position& left, const Position& right) {
  // By what they mean: "1 s" beside "1000 ms" would run everything twice.
  return std::equal(left.shown.begin(), left.shown.end(), right.shown.begin(), mean_the_same);
}

void check_repetitions(const Axis& axis, const std::string& where, Issues& issues) {
  for (auto it = axis.positions.begin(); it != axis.positions.end(); ++it) {
    const auto earlier = std::find_if(axis.positions.begin(), it,
                                      [&](const Position& each) { return same_values(each, *it); });
    if (earlier == it) continue;
    std::string problem = "duplicate value " + brief(Json(it->shown));
    if (earlier->shown != it->shown) problem += ", the same as " + brief(Json(earlier->shown));
    issues.push_back({where, problem, "every value of an axis must differ from the others"});
  }
}

// Tables, pages and pictures show them as they are.
void check_printable(const Axis& axis, const std::string& where, Issues& issues) {
  std::vector<std::string> texts = axis.columns;
  for (const Position& position : axis.positions)
    for (const Json& value : position.shown)
      if (value.is_string()) texts.push_back(value.get<std::string>());
  for (const std::string& text : texts)
    if (!is_printable(text))
      issues.push_back({where, fmt::format("\"{}\" has characters that cannot be shown", text),
                        "use printable characters in UTF-8"});
}

Axis axis_of(const std::vector<Line>& lines, const std::string& where, Issues& issues) {
  Axis axis;
  axis.of_values = true;
  axis.positions.resize(lines.front().values.size());
  for (const Line& line : lines) {
    axis.columns.push_back(line.column);
    for (std::size_t i = 0; i < axis.positions.size(); ++i) {
      axis.positions[i].shown.push_back(line.values[i]);
      axis.positions[i].changes.push_back({line.pointer, line.values[i]});
    }
  }
  check_repetitions(axis, where, issues);
  return axis;
}

Axis read_zip(const Json& json, const std::string& where, Issues& issues) {
  refuse_unknown_keys(json, {"zip"}, where, issues);
  const Json& list = json["zip"];
  if (!list.is_array() || list.size() < 2) {
    issues.push_back(
        {where + "/zip", "must be a list of two axes or more, not " + brief(list), ""});
    return {};
  }
  std::vector<Line> lines;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const std::string place = fmt::format("{}/zip/{}", where, i);
    lines.push_back(read_line(list[i], place, issues));
    const std::size_t length = lines.back().values.size(), first = lines.front().values.size();
    if (length != first && length > 0 && first > 0)
      issues.push_back({place, fmt::format("has {} values, but the first has {}", length, first),
                        "zipped axes must have equal lengths"});
    // Unequal lengths have been reported; equal ones let the reading go on to the next mistake.
    lines.back().values.resize(first);
  }
  return axis_of(lines, where, issues);
}

Position read_variant(const std::string& label, const Json& json, const std::string& where,
                      const Sweep& sweep, const std::vector<Change>& set, Issues& issues) {
  Position position{{label}};
  if (!json.is_object()) {
    issues.push_back(
        {where, "must be {\"set\": {...}}, {\"scenario\": ...} or both, not " + brief(json), ""});
    return position;
  }
  refuse_unknown_keys(json, {"scenario", "set"}, where, issues);
  if (json.contains("scenario")) {
    position.scenario = changed_scenario(json["scenario"], where + "/scenario", set, issues);
    // Variants are compared on the same draws.
    position.scenario->erase("seed");
    if (sweep.scenario.contains("seed")) (*position.scenario)["seed"] = sweep.scenario["seed"];
  }
  // They are made with those of the other axes, after the scenario is chosen (plan.cpp).
  if (json.contains("set")) position.changes = read_changes(json["set"], where + "/set", issues);
  return position;
}

Axis read_variants(const Json& json, const std::string& where, const Sweep& sweep,
                   const std::vector<Change>& set, Issues& issues) {
  refuse_unknown_keys(json, {"name", "variants"}, where, issues);
  Axis axis;
  std::string name = text_at(json, "name", where, issues);
  if (name.empty()) name = "variant";
  axis.columns = {name};
  const Json& variants = json["variants"];
  if (!variants.is_object() || variants.empty()) {
    issues.push_back({where + "/variants",
                      "must be {\"label\": {\"set\": {...}}, ...}, not " + brief(variants), ""});
    return axis;
  }
  for (const auto& [label, variant] : variants.items())
    axis.positions.push_back(
        read_variant(label, variant, pointer_to(where + "/variants", label), sweep, set, issues));
  return axis;
}

}  // namespace

std::vector<Change> read_changes(const Json& json, const std::string& where, Issues& issues) {
  std::vector<Change> changes;
  if (!json.is_object()) {
    issues.push_back({where, "must be {\"/json/pointer\": value, ...}, not " + brief(json), ""});
    return {};
  }
  for (const auto& [pointer, value] : json.items()) {
    check_pointer(pointer, pointer_to(where, pointer), issues);
    if (is_pointer(pointer)) changes.push_back({pointer, value});
  }
  return changes;
}

Json changed_scenario(const Json& json, const std::string& where,
                      const std::vector<Change>& changes, Issues& issues) {
  if (!json.is_object()) {
    issues.push_back({where, "must be a scenario, not " + brief(json), ""});
    return Json::object();
  }
  Json scenario = json;
  // For editors alone: a run has no use for it.
  scenario.erase("$schema");
  try {
    for (const Change& change : changes)
      apply(change, scenario, pointer_to("/set", change.pointer));
  } catch (const InputError& error) {
    issues.insert(issues.end(), error.issues().begin(), error.issues().end());
  }
  return scenario;
}

Axis read_axis(const Json& json, const std::string& where, const Sweep& sweep,
               const std::vector<Change>& set, Issues& issues) {
  const auto has = [&](const char* key) { return json.is_object() && json.contains(key); };
  Axis axis = has("zip")        ? read_zip(json, where, issues)
              : has("variants") ? read_variants(json, where, sweep, set, issues)
                                : axis_of({read_line(json, where, issues)}, where, issues);
  check_printable(axis, where, issues);
  return axis;
}

}  // namespace byzsim
