#include "sim/scenario/expectations.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace byzsim {
namespace {

std::vector<double> values_of(const std::string& metric, const std::vector<MetricsRow>& rows,
                              bool only_last) {
  std::vector<double> values;
  for (std::size_t i = only_last && !rows.empty() ? rows.size() - 1 : 0; i < rows.size(); ++i)
    if (const auto value = metric_of(rows[i], metric)) values.push_back(*value);
  return values;
}

// The one list of totals.
std::vector<std::pair<std::string, double>> named(const RunTotals& totals) {
  return {{"steps", totals.steps},
          {"accepted_share", totals.accepted_share},
          {"byzantine_accepted_share", totals.byzantine_accepted_share},
          {"broken_invariants", totals.broken_invariants},
          {"stalled", totals.stalled},
          {"timed_out", totals.timed_out},
          {"diverged", totals.diverged}};
}

std::optional<double> measure(const Expectation& expectation, const std::vector<MetricsRow>& rows,
                              const RunTotals& totals) {
  for (const auto& [name, value] : named(totals))
    if (expectation.metric == name) return value;
  const std::vector<double> values = values_of(expectation.metric, rows, expectation.at == "end");
  if (values.empty()) return std::nullopt;
  if (expectation.at == "smallest") return *std::min_element(values.begin(), values.end());
  return *std::max_element(values.begin(), values.end());
}

}  // namespace

std::optional<std::string> row_named(const std::string& word) {
  if (word.empty() || word == "end") return "end";
  if (word == "max") return "largest";
  if (word == "min") return "smallest";
  return std::nullopt;
}

const std::vector<std::string>& relations() {
  static const std::vector<std::string> all = {">=", "<=", ">", "<", "="};
  return all;
}

bool holds(double measured, const std::string& relation, double value) {
  if (relation == ">=") return measured >= value;
  if (relation == "<=") return measured <= value;
  if (relation == ">") return measured > value;
  if (relation == "<") return measured < value;
  return measured == value;
}

std::vector<std::string> expectation_metrics() {
  std::vector<std::string> names = metric_names();
  for (const auto& [name, value] : named({})) names.push_back(name);
  return names;
}

bool is_fraction(const std::string& metric) {
  static const std::set<std::string> all = {"accuracy", "accuracy_worst", "accepted_share",
                                            "byzantine_accepted_share"};
  return all.contains(metric);
}

void check_fraction(const std::string& metric, double value, const std::string& where,
                    Issues& issues) {
  if (!is_fraction(metric) || (value >= 0 && value <= 1)) return;
  const bool percent = value > 1 && value <= 100;
  issues.push_back({where, metric + " is a fraction in [0, 1]",
                    percent ? fmt::format("did you mean {}?", value / 100) : ""});
}

std::vector<Verified> verify(const std::vector<Expectation>& expectations,
                             const std::vector<MetricsRow>& rows, const RunTotals& totals) {
  std::vector<Verified> all;
  for (const Expectation& each : expectations) {
    const std::optional<double> measured = measure(each, rows, totals);
    all.push_back({each, measured, measured && holds(*measured, each.relation, each.value)});
  }
  return all;
}

}  // namespace byzsim
