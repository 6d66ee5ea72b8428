#include "tools/search_inputs/inputs_row.h"

#include <fmt/format.h>

#include <cmath>
#include <set>

#include "core/input/parameter_reader.h"
#include "core/robustness/order_weights.h"
#include "core/robustness/window_rules.h"

namespace byzsim {
namespace {

std::string cell_or(const std::optional<double>& value, const char* otherwise) {
  return value ? fmt::format("{:.6g}", *value) : otherwise;
}

Json coefficient_json(double value) {
  if (std::isinf(value)) return "inf";
  return value;
}

Json optional_coefficient_json(const std::optional<double>& value) {
  return value ? coefficient_json(*value) : Json();
}

// Of coordinate-wise rules kappa is the same for every dimension.
std::optional<double> exact_of_windows(const InputsSetting& setting, Coefficient coefficient) {
  const bool coordinatewise = rules().at(setting.aggregation.rule.name).coordinatewise;
  if (coefficient != Coefficient::kappa || (setting.dimension > 1 && !coordinatewise))
    return std::nullopt;
  const auto kappa = window_kappa(setting.aggregation, setting.n);
  if (!kappa || kappa->high - kappa->low > 1e-9 * kappa->high) return std::nullopt;
  return kappa->low;
}

std::optional<double> exact_of(const InputsSetting& setting, Coefficient coefficient) {
  const auto weights = order_weights(setting.aggregation, setting.n);
  if (!weights) return exact_of_windows(setting, coefficient);
  const auto f = static_cast<std::size_t>(setting.aggregation.f);
  if (coefficient == Coefficient::kappa) return exact_kappa(*weights, f);
  if (setting.dimension == 1) return exact_lambda(*weights, f);
  return std::nullopt;
}

std::string heading_of(const InputsRow& row) {
  const InputsSetting& setting = row.setting;
  const std::string least =
      row.least ? fmt::format("; of every rule at least f/(n - 2f) = {:.6g}", *row.least) : "";
  return fmt::format("{} at n = {}, f = {}, d = {}{}\n", to_string(row.effort.coefficient),
                     setting.n, setting.aggregation.f, setting.dimension, least);
}

bool same_heading(const InputsRow& a, const InputsRow& b) {
  return a.setting.n == b.setting.n && a.setting.aggregation.f == b.setting.aggregation.f &&
         a.setting.dimension == b.setting.dimension;
}

std::string sources_text(const std::vector<InputsRow>& rows) {
  std::set<std::string> lines;
  for (const InputsRow& row : rows)
    if (row.at_most)
      lines.insert(row.at_most->proved
                       ? fmt::format("  at most: proved in {}\n", row.at_most->source)
                       : fmt::format("  at most: {}; recalled, not compared with the source\n",
                                     row.at_most->source));
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

// Of the last such row; null where there is none.
const InputVectors* inputs_in_fewer_dimensions(const InputsSetting& setting,
                                               const std::vector<InputsRow>& earlier) {
  const InputVectors* inputs = nullptr;
  for (const InputsRow& row : earlier)
    if (row.setting.n == setting.n && row.setting.dimension < setting.dimension &&
        row.setting.aggregation.f == setting.aggregation.f &&
        row.setting.aggregation.rule == setting.aggregation.rule &&
        row.setting.aggregation.pre == setting.aggregation.pre)
      inputs = &row.found.inputs;
  return inputs;
}

Json vectors_json(const InputVectors& inputs) {
  Json list = Json::array();
  for (std::size_t i = 0; i < inputs.n(); ++i) {
    Json vector = Json::array();
    // As doubles: a float in its shortest form is another number where it is read as a double.
    for (const float value : inputs.at(i)) vector.push_back(static_cast<double>(value));
    list.push_back(vector);
  }
  return list;
}

}  // namespace

InputsRow searched_row(const InputsSetting& setting, const InputsEffort& effort,
                       const std::vector<InputsRow>& earlier, const Executor& executor) {
  const Aggregation& aggregation = setting.aggregation;
  InputsRow row{setting,
                effort,
                worst_inputs({aggregation, setting.n, setting.dimension, effort.coefficient,
                              effort.evaluations, effort.seed, executor,
                              inputs_in_fewer_dimensions(setting, earlier)}),
                0,
                exact_of(setting, effort.coefficient),
                std::nullopt,
                upper_bound(aggregation, setting.n, setting.dimension, effort.coefficient)};
  const Executor this_thread(1);
  row.in_float32 =
      worst_honest_set(row.found.inputs,
                       output_of<float>(aggregation, row.found.inputs, effort.seed, this_thread),
                       aggregation.f, effort.coefficient, kRoundingShare<float>)
          .value;
  const auto f = static_cast<std::size_t>(aggregation.f);
  if (effort.coefficient == Coefficient::kappa && setting.n > 2 * f)
    row.least = least_kappa(setting.n, f);
  return row;
}

std::string name_of_aggregation(const Aggregation& aggregation) {
  std::string name;
  for (const Choice& each : aggregation.pre) name += each.name + ", ";
  return name + aggregation.rule.name;
}

std::string rows_text(const std::vector<InputsRow>& rows) {
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const InputsRow& row = rows[i];
    if (i == 0 || !same_heading(rows[i - 1], row))
      text += heading_of(row) + fmt::format("  {:<28} {:>11} {:>11} {:>9} {:>9}  {:<6}{:>12}\n",
                                            "rule", "found", "in float32", "exact", "at most", "by",
                                            "evaluations");
    const std::optional<double> at_most =
        row.at_most ? std::optional(row.at_most->value) : std::nullopt;
    text += fmt::format("  {:<28} {:>11.6g} {:>11.6g} {:>9} {:>9}  {:<6}{:>12}\n",
                        name_of_aggregation(row.setting.aggregation), row.found.worst.value,
                        row.in_float32, cell_or(row.exact, "-"), cell_or(at_most, "-"),
                        to_string(row.found.finder), row.found.evaluations);
  }
  return text + sources_text(rows);
}

Json row_json(const InputsRow& row) {
  const InputsSetting& setting = row.setting;
  Json pre = Json::array();
  for (const Choice& each : setting.aggregation.pre)
    pre.push_back(write_choice(pre_aggregators().declarations(), each));
  Json json = {{"rule", write_choice(rules().declarations(), setting.aggregation.rule)},
               {"pre", pre},
               {"n", setting.n},
               {"f", setting.aggregation.f},
               {"d", setting.dimension},
               {"coefficient", to_string(row.effort.coefficient)},
               {"found", coefficient_json(row.found.worst.value)},
               {"in_float32", coefficient_json(row.in_float32)},
               {"exact", optional_coefficient_json(row.exact)},
               {"least_of_any_rule", optional_coefficient_json(row.least)},
               {"at_most", nullptr},
               {"finder", to_string(row.found.finder)},
               {"evaluations", row.found.evaluations},
               {"grid_width", row.found.grid_width},
               {"seed", row.effort.seed},
               {"outside", row.found.worst.outside},
               {"vectors", vectors_json(row.found.inputs)}};
  if (row.at_most)
    json["at_most"] = {{"value", row.at_most->value},
                       {"formula", row.at_most->formula},
                       {"source", row.at_most->source},
                       {"proved", row.at_most->proved}};
  return json;
}

CsvTable rows_csv(const std::vector<InputsRow>& rows) {
  CsvTable table;
  table.columns = {"aggregation", "n",          "f",      "d",           "coefficient",
                   "found",       "in_float32", "exact",  "least",       "at_most",
                   "source",      "proved",     "finder", "evaluations", "seed"};
  for (const InputsRow& row : rows) {
    const auto& at_most = row.at_most;
    table.rows.push_back(
        {name_of_aggregation(row.setting.aggregation), fmt::format("{}", row.setting.n),
         fmt::format("{}", row.setting.aggregation.f), fmt::format("{}", row.setting.dimension),
         to_string(row.effort.coefficient), cell_or(row.found.worst.value, ""),
         cell_or(row.in_float32, ""), cell_or(row.exact, ""), cell_or(row.least, ""),
         at_most ? cell_or(at_most->value, "") : "", at_most ? at_most->source : "",
         at_most ? (at_most->proved ? "yes" : "no") : "", to_string(row.found.finder),
         fmt::format("{}", row.found.evaluations), fmt::format("{}", row.effort.seed)});
  }
  return table;
}

Json witness_of(const InputsRow& row) {
  const Json whole = row_json(row);
  return {{"aggregate", whole["rule"]}, {"pre", whole["pre"]},    {"f", whole["f"]},
          {"seed", whole["seed"]},      {"precision", "float64"}, {"vectors", whole["vectors"]}};
}

}  // namespace byzsim
