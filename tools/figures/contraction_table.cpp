#include "tools/figures/contraction_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/input/decimal.h"
#include "core/input/parameter_reader.h"
#include "sim/gather/held_diameter.h"
#include "tools/gather/gather_question.h"
#include "tools/input/json_schema.h"

namespace byzsim {
namespace {

std::vector<std::string> texts_in(const Json& json, const std::string& key,
                                  const std::string& where, Issues& issues) {
  const Json list = json.value(key, Json());
  std::vector<std::string> texts;
  if (list.is_array())
    for (const Json& each : list)
      if (each.is_string()) texts.push_back(each.get<std::string>());
  if (texts.empty() || texts.size() != list.size())
    issues.push_back({pointer_to(where, key), "must be a list of strings, not " + brief(list), ""});
  return texts;
}

template <class Visit>
void for_each_combination(const ContractionGrid& grid, Visit visit) {
  for (const std::string& values : grid.values)
    for (const std::string& law : grid.laws)
      for (const std::string& median : grid.medians)
        visit(GatherWords{.values = values, .law = law, .median = median});
}

std::vector<std::string> row_of(const GatherWords& asked) {
  const auto [gather, places] = gather_question(asked);
  const auto number = [places = places](std::int64_t units) {
    return format_decimal(units, places);
  };
  std::string values = asked.values;
  // Without commas, so that the cell needs no quotes.
  std::replace(values.begin(), values.end(), ',', ' ');
  const Reach worst = worst_reach(gather);
  const Fraction ratio = expected_ratio(gather);
  const auto held = [&gather = gather](Scheduling scheduling) {
    // As the marks of a panel want them, and as other tables have flags.
    return held_for_ever(gather, scheduling) ? "1" : "0";
  };
  return {values,
          asked.law,
          asked.median,
          number(gather.diameter()),
          number(worst.low),
          number(worst.high),
          number(worst.diameter),
          fmt::format("{}", ratio.value()),
          fraction_text(ratio),
          held(Scheduling::random),
          held(Scheduling::adversarial)};
}

}  // namespace

ContractionGrid read_contraction_grid(const Json& json, const std::string& where, Issues& issues) {
  refuse_unknown_keys(json, {"values", "law", "median"}, where, issues);
  ContractionGrid grid = {texts_in(json, "values", where, issues),
                          texts_in(json, "law", where, issues),
                          texts_in(json, "median", where, issues)};
  for_each_combination(grid, [&](const GatherWords& asked) {
    try {
      gather_question(asked);
    } catch (const InputError& error) {
      for (Issue issue : error.issues()) {
        issue.where = where + " " + issue.where;
        // One bad value is in many combinations, and reported once.
        if (std::find(issues.begin(), issues.end(), issue) == issues.end()) issues.push_back(issue);
      }
    }
  });
  return grid;
}

Json contraction_grid_schema() {
  Json texts = list_schema({{"type", "string"}}, "As in byzsim contraction");
  texts["minItems"] = 1;
  return object_schema({{"values", texts}, {"law", texts}, {"median", texts}},
                       {"values", "law", "median"}, "Every combination of these");
}

CsvTable contraction_table(const ContractionGrid& grid) {
  CsvTable table{{"values", "law", "median", "diameter", "low", "high", "worst_diameter",
                  "expected_ratio", "fraction", "held_by_lies", "held_by_lies_and_quorums"},
                 {}};
  for_each_combination(grid,
                       [&](const GatherWords& asked) { table.rows.push_back(row_of(asked)); });
  return table;
}

}  // namespace byzsim
