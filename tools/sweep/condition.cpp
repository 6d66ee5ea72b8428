#include "tools/sweep/condition.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/input/parameter_reader.h"
#include "tools/sweep/measured.h"

namespace byzsim {
namespace {

// What compares by size: numbers, and durations and rates in their smallest unit.
std::optional<double> size_of(const Json& value) {
  const auto size = measured(value);
  return size ? std::optional(size->size) : std::nullopt;
}

bool compare(double left, const std::string& relation, double right) {
  if (relation == "<") return left < right;
  if (relation == "<=") return left <= right;
  if (relation == "=") return left == right;
  if (relation == "!=") return left != right;
  if (relation == ">=") return left >= right;
  return left > right;
}

std::vector<std::string> columns_of(const std::vector<Axis>& axes) {
  std::vector<std::string> columns;
  for (const Axis& axis : axes)
    columns.insert(columns.end(), axis.columns.begin(), axis.columns.end());
  return columns;
}

// All values that a column takes.
std::vector<Json> values_of_column(const std::vector<Axis>& axes, std::size_t column) {
  std::vector<Json> values;
  for (const Axis& axis : axes) {
    if (column < axis.columns.size()) {
      for (const Position& position : axis.positions) values.push_back(position.shown[column]);
      return values;
    }
    column -= axis.columns.size();
  }
  return values;
}

std::optional<std::size_t> column_called(const std::string& name, const std::string& where,
                                         const std::vector<Axis>& axes, Issues& issues) {
  const std::vector<std::string> columns = columns_of(axes);
  const auto it = std::find(columns.begin(), columns.end(), name);
  // The first of equal names; read_sweep has refused a second.
  if (it != columns.end()) return static_cast<std::size_t>(it - columns.begin());
  issues.push_back({where, fmt::format("unknown axis '{}'", name), choose_from(name, columns)});
  return std::nullopt;
}

// Everything but "=" and "!=", and arithmetic, needs values that have a size.
void check_sizes(const Condition& condition, const std::vector<Axis>& axes,
                 const std::string& where, Issues& issues) {
  const bool arithmetic = condition.times != 1 || condition.plus != 0;
  if (!arithmetic && (condition.relation == "=" || condition.relation == "!=")) return;
  std::vector<Json> values = values_of_column(axes, condition.column);
  if (condition.other)
    for (const Json& value : values_of_column(axes, *condition.other)) values.push_back(value);
  else
    values.push_back(condition.value);
  for (const Json& value : values)
    if (!size_of(value)) {
      issues.push_back({where,
                        fmt::format("{} is not a number, duration or rate, as \"{}\" needs",
                                    brief(value), condition.relation),
                        "use \"=\" or \"!=\" without times and plus"});
      return;
    }
}

}  // namespace

const std::vector<Parameter>& condition_parameters() {
  static const std::vector<Parameter> declared = {
      text("axis", "", "The axis on the left, by its name or pointer"),
      word("relation", {"<=", "<", "=", "!=", ">=", ">"},
           "Relation of the left side to the right side"),
      text("other", "", "The axis on the right, instead of a value"),
      real("times", 1, -kUnbounded, kUnbounded, "Multiplies the right side"),
      real("plus", 0, -kUnbounded, kUnbounded, "Added to the right side after that")};
  return declared;
}

std::optional<Condition> read_condition(const Json& json, const std::string& where,
                                        const std::vector<Axis>& axes, Issues& issues) {
  if (!json.is_object() || !json.contains("axis") || !json.contains("relation") ||
      json.contains("value") == json.contains("other")) {
    issues.push_back({where,
                      "must have an \"axis\", a \"relation\" and either a \"value\" or an "
                      "\"other\" axis",
                      "for example {\"axis\": \"n\", \"relation\": \">=\", \"other\": \"f\", "
                      "\"times\": 3, \"plus\": 2}"});
    return std::nullopt;
  }
  // A condition that is wrong itself is not checked against the axes: one mistake, one message.
  const std::size_t before = issues.size();
  // The value may be of any kind, and is no declared parameter.
  Json told = json;
  told.erase("value");
  const Parameters parameters = read_parameters(condition_parameters(), told, where, issues);
  if (issues.size() > before) return std::nullopt;
  Condition condition;
  condition.relation = parameters.word("relation");
  condition.times = parameters.real("times");
  condition.plus = parameters.real("plus");
  condition.value = json.value("value", Json());
  const auto column = column_called(parameters.text("axis"), where + "/axis", axes, issues);
  if (json.contains("other"))
    condition.other = column_called(parameters.text("other"), where + "/other", axes, issues);
  if (issues.size() > before) return std::nullopt;
  condition.column = *column;
  check_sizes(condition, axes, where, issues);
  return condition;
}

bool holds(const Condition& condition, const std::vector<Json>& values) {
  const Json& left = values[condition.column];
  const Json& right = condition.other ? values[*condition.other] : condition.value;
  const auto left_size = size_of(left), right_size = size_of(right);
  if (left_size && right_size)
    return compare(*left_size, condition.relation, condition.times * *right_size + condition.plus);
  // Without sizes only "=" and "!=" have been let through.
  return (left == right) == (condition.relation == "=");
}

}  // namespace byzsim
