#include "tools/figures/figure_expectation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/input/parameter_reader.h"
#include "sim/results/expectations.h"
#include "tools/input/json_schema.h"

namespace byzsim {
namespace {

const std::vector<std::string> kMeasureKeys = {"of", "metric", "at", "runs", "where"};

std::string text_or(const Json& json, const std::string& key, const std::string& fallback,
                    const std::string& where, Issues& issues) {
  if (!json.contains(key)) return fallback;
  if (json[key].is_string()) return json[key].get<std::string>();
  issues.push_back({pointer_to(where, key), "must be a string, not " + brief(json[key]), ""});
  return fallback;
}

std::string word_in(const Json& json, const std::string& key, const std::vector<std::string>& words,
                    const std::string& fallback, const std::string& where, Issues& issues) {
  const std::string word = text_or(json, key, fallback, where, issues);
  if (std::find(words.begin(), words.end(), word) != words.end()) return word;
  issues.push_back(not_one_of(pointer_to(where, key), word, words));
  return fallback;
}

template <class Enum>
Enum value_in(const Json& json, const std::string& key, Enum fallback, const std::string& where,
              Issues& issues) {
  const std::string word = word_in(json, key, words_of<Enum>(), to_string(fallback), where, issues);
  // Always a word: anything else was reported and became the fallback.
  return from_word<Enum>(word).value();
}

// "at": a word, or {"column": level}.
void read_at(const Json& json, const std::string& where, Measure& measure, Issues& issues) {
  if (!json.contains("at")) return;
  const Json& at = json["at"];
  if (!at.is_object()) {
    measure.at = value_in(json, "at", measure.at, where, issues);
    measure.first.reset();
    return;
  }
  if (at.size() != 1 || !at.begin().value().is_number()) {
    issues.push_back({pointer_to(where, "at"), "must name one column and the level it reaches",
                      "for example {\"accuracy\": 0.8}"});
    return;
  }
  measure.first = {at.begin().key(), at.begin().value().get<double>()};
  check_fraction(expectation_metric_descriptions(), measure.first->column, measure.first->level,
                 pointer_to(pointer_to(where, "at"), measure.first->column), issues);
}

void read_where(const Json& json, const std::string& where, Measure& measure, Issues& issues) {
  // Never taken over: a bound on the rows of the measure itself would compare it with itself.
  measure.where.clear();
  if (!json.contains("where")) return;
  const std::string place = pointer_to(where, "where");
  if (!json["where"].is_object()) {
    issues.push_back({place,
                      "must be an object of columns and their values, not " + brief(json["where"]),
                      "for example {\"system\": \"vanilla\"}"});
    return;
  }
  for (const auto& [column, value] : json["where"].items()) {
    if (value.is_string() || value.is_number())
      measure.where.emplace_back(column, value);
    else
      issues.push_back(
          {pointer_to(place, column), "must be a text or a number, not " + brief(value), ""});
  }
}

// What `json` leaves out is as in `before`, but for `where`.
Measure read_measure(const Json& json, const std::string& where, const Measure& before,
                     const std::vector<std::string>& tables, Issues& issues) {
  Measure measure = before;
  measure.table = word_in(json, "of", tables, before.table, where, issues);
  measure.metric = text_or(json, "metric", before.metric, where, issues);
  measure.runs = value_in(json, "runs", before.runs, where, issues);
  read_at(json, where, measure, issues);
  read_where(json, where, measure, issues);
  return measure;
}

std::vector<std::string> and_also(std::vector<std::string> keys,
                                  const std::vector<std::string>& more) {
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

void read_bound(const Json& json, const std::string& where, const std::vector<std::string>& tables,
                FigureExpectation& expectation, Issues& issues) {
  if (json.is_number()) {
    // A plain number is that multiple of 1.
    expectation.times = json.get<double>();
    check_fraction(expectation_metric_descriptions(), expectation.measured.metric,
                   expectation.times, where, issues);
    return;
  }
  if (!json.is_object()) {
    issues.push_back({where, "must be a number or an object, not " + brief(json),
                      "for example {\"times\": 0.95, \"where\": {\"system\": \"vanilla\"}}"});
    return;
  }
  refuse_unknown_keys(json, and_also(kMeasureKeys, {"times"}), where, issues);
  if (json.contains("times") && !json["times"].is_number())
    issues.push_back({pointer_to(where, "times"), "must be a number", ""});
  else
    expectation.times = json.value("times", 1.0);
  expectation.against = read_measure(json, where, expectation.measured, tables, issues);
}

bool matches(const std::string& cell, const Json& wanted) {
  if (wanted.is_string()) return cell == wanted.get<std::string>();
  // By value, however the table writes the number.
  return number_in(cell) == wanted.get<double>();
}

bool selected(const std::vector<std::string>& row, const Measure& measure, const CsvTable& table) {
  return std::all_of(measure.where.begin(), measure.where.end(), [&](const auto& each) {
    return matches(row[*table.column(each.first)], each.second);
  });
}

using Rows = std::vector<const std::vector<std::string>*>;

// The selected rows, run by run.
std::vector<Rows> runs_of(const Measure& measure, const CsvTable& table) {
  const std::optional<std::size_t> index = table.column("point");
  std::vector<Rows> runs;
  for (const std::vector<std::string>& row : table.rows) {
    if (!selected(row, measure, table)) continue;
    // Rows of one run stand together in a merged table.
    const bool same_run = index && !runs.empty() && (*runs.back().back())[*index] == row[*index];
    if (!same_run) runs.emplace_back();
    runs.back().push_back(&row);
  }
  return runs;
}

std::optional<double> value_of_run(const Rows& rows, const Measure& measure,
                                   const CsvTable& table) {
  const std::size_t metric = *table.column(measure.metric);
  if (measure.first) {
    const auto [column, level] = *measure.first;
    const std::size_t reached = *table.column(column);
    for (const auto* row : rows)
      // An empty cell (a metric that was undefined in that row) reaches no level.
      if (number_in((*row)[reached]).value_or(level - 1) >= level) return number_in((*row)[metric]);
    return std::nullopt;
  }
  if (measure.at == RowAt::end) return number_in((*rows.back())[metric]);
  std::vector<double> values;
  for (const auto* row : rows)
    if (const auto value = number_in((*row)[metric])) values.push_back(*value);
  if (values.empty()) return std::nullopt;
  const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
  return measure.at == RowAt::largest ? *greatest : *least;
}

std::string number_text(const std::optional<double>& value) {
  if (!value) return "undefined";
  const bool whole = *value == std::floor(*value) && std::fabs(*value) < 1e9;
  return whole ? fmt::format("{:.0f}", *value) : fmt::format("{:.4g}", *value);
}

// "system vanilla, f 3"; empty where all rows count.
std::string selection_text(const Measure& measure) {
  std::string selection;
  for (const auto& [column, value] : measure.where)
    selection += (selection.empty() ? "" : ", ") + column + " " +
                 (value.is_string() ? value.get<std::string>() : value.dump());
  return selection;
}

// "largest simulated_seconds of runs-curves at accuracy 0.8 (system vanilla)".
std::string measure_text(const Measure& measure, bool with_table) {
  std::string text = measure.metric;
  if (measure.runs != OverRuns::mean) text = fmt::format("{} {}", to_string(measure.runs), text);
  if (with_table) text += " of " + measure.table;
  if (measure.first)
    text += fmt::format(" at {} {}", measure.first->column, measure.first->level);
  else if (measure.at != RowAt::end)
    text += fmt::format(" at its {}", to_string(measure.at));
  const std::string selection = selection_text(measure);
  return selection.empty() ? text : text + " (" + selection + ")";
}

void add_missing(const Measure& measure, const FigureTables& tables, const std::string& where,
                 Issues& issues) {
  const CsvTable& table = tables.at(measure.table);
  const auto require = [&](const std::string& column) {
    if (!table.column(column))
      issues.push_back({where, "the table " + measure.table + " has no column \"" + column + "\"",
                        choose_from(column, table.columns)});
  };
  require(measure.metric);
  if (measure.first) require(measure.first->column);
  for (const auto& [column, value] : measure.where) require(column);
}

// Why a measure has no number, where no row is selected.
std::string no_row_text(const Measure& measure, const FigureTables& tables) {
  if (!runs_of(measure, tables.at(measure.table)).empty()) return "";
  const std::string selection = selection_text(measure);
  return fmt::format("; {} has no row{}", measure.table,
                     selection.empty() ? "" : " with " + selection);
}

}  // namespace

FigureExpectation read_figure_expectation(const Json& json, const std::string& where,
                                          const std::vector<std::string>& tables, Issues& issues) {
  FigureExpectation expectation;
  expectation.measured.table = tables.empty() ? "" : tables.front();
  if (!json.is_object()) {
    issues.push_back({where, "an expectation must be an object, not " + brief(json), ""});
    return expectation;
  }
  refuse_unknown_keys(json, and_also(kMeasureKeys, {"relation", "value"}), where, issues);
  for (const char* needed : {"metric", "relation", "value"})
    if (!json.contains(needed)) issues.push_back({pointer_to(where, needed), "is missing", ""});
  expectation.measured = read_measure(json, where, expectation.measured, tables, issues);
  expectation.relation = value_in(json, "relation", Relation{}, where, issues);
  if (json.contains("value"))
    read_bound(json["value"], pointer_to(where, "value"), tables, expectation, issues);
  return expectation;
}

Json figure_expectation_schema() {
  const Json text = {{"type", "string"}}, number = {{"type", "number"}};
  const Json level = named_schema(number, "The row in which a column reaches a level");
  Json measure = {{"of", text},
                  {"metric", text},
                  {"at", {{"anyOf", {{{"enum", words_of<RowAt>()}}, level}}}},
                  {"runs", {{"enum", words_of<OverRuns>()}}},
                  {"where", named_schema({{"type", {"string", "number"}}}, "Columns and values")}};
  Json bound = measure;
  bound["times"] = number;
  measure["relation"] = {{"enum", words_of<Relation>()}};
  measure["value"] = {
      {"anyOf",
       {number, object_schema(bound, Json::array(), "A multiple of another measurement")}}};
  return object_schema(measure, {"metric", "relation", "value"},
                       "A claim that the results must satisfy");
}

Issues missing_columns(const FigureExpectation& expectation, const FigureTables& tables,
                       const std::string& where) {
  Issues issues;
  add_missing(expectation.measured, tables, where, issues);
  if (expectation.against) add_missing(*expectation.against, tables, where + "/value", issues);
  return issues;
}

std::optional<double> value_of(const Measure& measure, const FigureTables& tables) {
  const CsvTable& table = tables.at(measure.table);
  std::vector<double> values;
  for (const Rows& rows : runs_of(measure, table)) {
    const std::optional<double> value = value_of_run(rows, measure, table);
    // One undefined run makes the measure undefined: a mean of the others would hide it.
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  if (values.empty()) return std::nullopt;
  if (measure.runs == OverRuns::smallest) return *std::min_element(values.begin(), values.end());
  if (measure.runs == OverRuns::largest) return *std::max_element(values.begin(), values.end());
  // In the order of the points, so that the sum has the same bits every time.
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

CheckedExpectation check(const FigureExpectation& expectation, const FigureTables& tables) {
  const std::optional<double> measured = value_of(expectation.measured, tables);
  const std::optional<double> other =
      expectation.against ? value_of(*expectation.against, tables) : std::optional<double>(1.0);
  // The table is in doubt only beside another one.
  const bool two_tables =
      expectation.against && expectation.against->table != expectation.measured.table;
  std::string sentence = fmt::format("{} = {} {} ", measure_text(expectation.measured, two_tables),
                                     number_text(measured), to_string(expectation.relation));
  if (expectation.against && expectation.times != 1)
    sentence += fmt::format("{} x ", expectation.times);
  sentence += expectation.against
                  ? fmt::format("{} = {}", measure_text(*expectation.against, two_tables),
                                number_text(other))
                  : fmt::format("{}", expectation.times);
  sentence += no_row_text(expectation.measured, tables);
  if (expectation.against) sentence += no_row_text(*expectation.against, tables);
  const bool holds = measured && other &&
                     byzsim::holds(*measured, expectation.relation, expectation.times * *other);
  return {sentence, holds};
}

}  // namespace byzsim
