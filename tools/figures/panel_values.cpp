#include "tools/figures/panel_values.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "core/input/parameter_reader.h"
#include "sim/world/node_set.h"

namespace byzsim {
namespace {

constexpr std::size_t kMostLines = 2;  // that plot.py can draw each in a way of its own
constexpr double kMostColumns = 20;    // of a legend

using Check = void (*)(const Json& value, const std::string& where, Issues& issues);

bool is_logarithmic(const Json& panel, char axis) {
  return panel.value(std::string(1, axis) + "_scale", Json()) == "log";
}

void check_texts(const Json& texts, const std::string& where, Issues& issues) {
  for (const auto& [key, text] : texts.items())
    check_drawn_text(text, pointer_to(where, key), issues);
}

void check_nodes(const Json& nodes, const std::string& where, Issues& issues) {
  check_texts(nodes, where, issues);
  if (nodes.empty())
    issues.push_back({where, "must name a node", "for example \"server 0\" or \"node 0\""});
  for (const auto& [name, label] : nodes.items())
    if (!parse_node(name))
      issues.push_back(
          {pointer_to(where, name), "is not a node", "write \"server 0\", on a graph \"node 0\""});
}

// {column: value or list of values}
void check_values_of_columns(const Json& wanted, const std::string& where, Issues& issues) {
  const auto is_cell = [](const Json& each) { return each.is_string() || each.is_number(); };
  for (const auto& [column, value] : wanted.items()) {
    const bool is_list = value.is_array() && !value.empty();
    if (is_cell(value) || (is_list && std::all_of(value.begin(), value.end(), is_cell))) continue;
    issues.push_back({pointer_to(where, column),
                      "must be a value or a list of values, not " + brief(value),
                      "write texts and numbers as the table has them"});
  }
}

void check_scale_name(const Json& scale, const std::string& where, Issues& issues) {
  if (scale != "linear" && scale != "log")
    issues.push_back(not_one_of(where, scale.get<std::string>(), {"linear", "log"}));
}

void check_limits(const Json& limits, const std::string& where, Issues& issues) {
  if (limits.size() != 2) {
    issues.push_back({where, "must be two numbers, not " + brief(limits),
                      "write null for an end chosen by the data"});
    return;
  }
  for (std::size_t i = 0; i < 2; ++i)
    if (!limits[i].is_number() && !limits[i].is_null())
      issues.push_back({fmt::format("{}/{}", where, i),
                        "must be a number or null, not " + brief(limits[i]), ""});
  // matplotlib would silently turn the axis round.
  if (limits[0].is_number() && limits[1].is_number() &&
      limits[0].get<double>() >= limits[1].get<double>())
    issues.push_back({where, "must rise, not " + brief(limits), "write the lower end first"});
}

void check_row(const Json& at, const std::string& where, Issues& issues) {
  if (at.is_string() && at != "end" && at != "largest" && at != "smallest")
    issues.push_back(not_one_of(where, at.get<std::string>(), {"end", "largest", "smallest"}));
  if (at.is_object() && (at.size() != 1 || !at.begin()->is_number()))
    issues.push_back({where, "must be one column and its level, not " + brief(at),
                      "for example {\"accuracy\": 0.8}"});
}

void check_legend(const Json& columns, const std::string& where, Issues& issues) {
  if (!columns.is_number_integer() || columns < 1 || columns > kMostColumns)
    issues.push_back(
        {where, fmt::format("must be an integer in [1, {}], not {}", kMostColumns, brief(columns)),
         ""});
}

void check_line(const Json& line, const std::string& where, Issues& issues) {
  const bool is_good =
      line.is_object() && line.contains("label") && line.contains("y") != line.contains("mean_of");
  if (!is_good) {
    issues.push_back(
        {where, "must be {\"y\", \"label\"} or {\"mean_of\", \"label\"}, not " + brief(line), ""});
    return;
  }
  refuse_unknown_keys(line, {"y", "mean_of", "label"}, where, issues);
  check_drawn_text(line["label"], where + "/label", issues);
  if (line.contains("y") && !line["y"].is_number())
    issues.push_back({where + "/y", "must be a number, not " + brief(line["y"]), ""});
  if (line.contains("mean_of") && !line["mean_of"].is_string())
    issues.push_back({where + "/mean_of", "must name a table, not " + brief(line["mean_of"]), ""});
}

void check_lines(const Json& lines, const std::string& where, Issues& issues) {
  if (lines.size() > kMostLines)
    issues.push_back(
        {where,
         fmt::format("has {} lines, and at most {} can be told apart", lines.size(), kMostLines),
         "leave some out"});
  for (std::size_t i = 0; i < lines.size(); ++i)
    check_line(lines[i], fmt::format("{}/{}", where, i), issues);
}

void check_tick(const Json& tick, const std::string& where, Issues& issues) {
  if (!tick.is_object() || !tick.contains("at") || !tick.contains("text")) {
    issues.push_back({where, "must be {\"at\": number, \"text\": label}, not " + brief(tick), ""});
    return;
  }
  refuse_unknown_keys(tick, {"at", "text"}, where, issues);
  check_drawn_text(tick["text"], where + "/text", issues);
  if (!tick["at"].is_number())
    issues.push_back({where + "/at", "must be a number, not " + brief(tick["at"]), ""});
}

void check_ticks(const Json& ticks, const std::string& where, Issues& issues) {
  if (ticks.empty())
    issues.push_back({where, "must have at least one tick", "leave it out for numbers"});
  for (std::size_t i = 0; i < ticks.size(); ++i)
    check_tick(ticks[i], fmt::format("{}/{}", where, i), issues);
}

struct CheckedKey {
  const char* key;
  bool (Json::*is_of_type)() const noexcept;
  Check check;
};

const std::vector<CheckedKey>& checked_keys() {
  static const std::vector<CheckedKey> all = {
      {"where", &Json::is_object, check_values_of_columns},
      {"relative_to", &Json::is_object, check_values_of_columns},
      {"title", &Json::is_string, check_drawn_text},
      {"x_label", &Json::is_string, check_drawn_text},
      {"y_label", &Json::is_string, check_drawn_text},
      {"colour_label", &Json::is_string, check_drawn_text},
      {"labels", &Json::is_object, check_texts},
      {"marks", &Json::is_object, check_texts},
      {"nodes", &Json::is_object, check_nodes},
      {"x_scale", &Json::is_string, check_scale_name},
      {"y_scale", &Json::is_string, check_scale_name},
      {"x_range", &Json::is_array, check_limits},
      {"y_range", &Json::is_array, check_limits},
      {"colour_range", &Json::is_array, check_limits},
      // Twice, once for each type that it may have.
      {"at", &Json::is_string, check_row},
      {"at", &Json::is_object, check_row},
      {"legend_columns", &Json::is_number, check_legend},
      {"lines", &Json::is_array, check_lines},
      {"x_ticks", &Json::is_array, check_ticks}};
  return all;
}

// Axes of names have no scale, and limits and lines of a logarithmic one are above 0.
void check_scales(const Json& panel, const std::string& where, Issues& issues) {
  const std::string kind = panel["kind"];
  const bool named_x = kind == "bars" || kind == "cells";
  const bool named_y = kind == "cells" || kind == "space_time" || kind == "gather";
  for (const char axis : {'x', 'y'}) {
    if (!is_logarithmic(panel, axis)) continue;
    if (axis == 'x' ? named_x : named_y)
      issues.push_back({pointer_to(where, fmt::format("{}_scale", axis)),
                        "an axis of names cannot be logarithmic", "leave it out"});
    const std::string key = fmt::format("{}_range", axis);
    for (const Json& end : panel.value(key, Json::array()))
      if (end.is_number() && end.get<double>() <= 0)
        issues.push_back({pointer_to(where, key), "must be above 0 on a logarithmic axis",
                          "write null for an end chosen by the data"});
  }
  if (is_logarithmic(panel, 'y'))
    for (const Json& line : panel.value("lines", Json::array()))
      if (line.is_object() && line.value("y", Json(1)).is_number() && line.value("y", 1.0) <= 0)
        issues.push_back({pointer_to(where, "lines"), "must be above 0 on a logarithmic axis", ""});
}

void check_means(const Json& panel, const std::string& where, Issues& issues) {
  const Json lines = panel.value("lines", Json::array());
  for (std::size_t i = 0; i < lines.size() && lines.is_array(); ++i)
    if (lines[i].is_object() && lines[i].contains("mean_of") && !panel.contains("y"))
      issues.push_back({fmt::format("{}/lines/{}/mean_of", where, i),
                        "the panel has no \"y\" of which this could be the mean",
                        "give a number: \"y\""});
}

// Ticks elsewhere would widen the range.
void check_tick_places(const Json& panel, const std::string& where, Issues& issues) {
  const Json range = panel.value("x_range", Json::array({nullptr, nullptr}));
  const Json ticks = panel.value("x_ticks", Json::array());
  if (!range.is_array() || range.size() != 2 || !ticks.is_array()) return;
  std::vector<double> seen;
  for (std::size_t i = 0; i < ticks.size(); ++i) {
    const Json at = ticks[i].is_object() ? ticks[i].value("at", Json()) : Json();
    if (!at.is_number()) continue;
    const std::string place = fmt::format("{}/x_ticks/{}/at", where, i);
    const auto value = at.get<double>();
    if ((range[0].is_number() && value < range[0].get<double>()) ||
        (range[1].is_number() && value > range[1].get<double>()))
      issues.push_back({place, brief(at) + " is outside the range of x", "widen \"x_range\""});
    if (is_logarithmic(panel, 'x') && value <= 0)
      issues.push_back({place, "must be above 0 on a logarithmic axis", ""});
    // Two texts at one place would be drawn over each other.
    if (std::find(seen.begin(), seen.end(), value) != seen.end())
      issues.push_back({place, "an earlier tick is at " + brief(at), "leave one of them out"});
    seen.push_back(value);
  }
}

}  // namespace

void check_drawn_text(const Json& text, const std::string& where, Issues& issues) {
  if (!text.is_string()) {
    issues.push_back({where, "must be a string, not " + brief(text), ""});
    return;
  }
  const std::string written = text.get<std::string>();
  if (std::any_of(written.begin(), written.end(), [](char c) {
        // Bytes of UTF-8 above 0x7f are negative as char.
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\n') || byte == 0x7f;
      }))
    issues.push_back({where, "has a control character, which cannot be drawn",
                      "use printable characters, and \\n between lines"});
}

void check_panel_values(const Json& panel, const std::string& where, Issues& issues) {
  // Values of a wrong type have been reported by check_panel.
  for (const CheckedKey& each : checked_keys())
    if (panel.contains(each.key) && (panel[each.key].*each.is_of_type)())
      each.check(panel[each.key], pointer_to(where, each.key), issues);
  check_scales(panel, where, issues);
  check_means(panel, where, issues);
  check_tick_places(panel, where, issues);
}

}  // namespace byzsim
