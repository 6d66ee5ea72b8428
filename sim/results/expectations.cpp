#include "sim/results/expectations.h"

#include <fmt/format.h>

#include <algorithm>
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

struct Total {
  const char* name;
  const char* unit;
  const char* summary;
  double value;
};

// The one list of totals.
std::vector<Total> listed(const RunTotals& totals) {
  return {{"steps", "steps", "steps that every honest server has reached", totals.steps},
          {"accepted_share", "fraction",
           "share of the vectors of honest senders that the filters of honest nodes accepted",
           totals.accepted_share},
          {"byzantine_accepted_share", "fraction",
           "share of the vectors of Byzantine senders that the filters of honest nodes accepted",
           totals.byzantine_accepted_share},
          {"broken_invariants", "", "how often an invariant of the protocol was broken",
           totals.broken_invariants},
          {"stalled", "", "1 if a quorum never completed, otherwise 0", double(totals.stalled)},
          {"timed_out", "", "1 if the time limit was reached before the last step, otherwise 0",
           double(totals.timed_out)},
          {"diverged", "",
           "1 if a recorded loss, or a parameter at the end, is not finite, otherwise 0",
           double(totals.diverged)}};
}

std::optional<double> measure(const Expectation& expectation, const std::vector<MetricsRow>& rows,
                              const RunTotals& totals) {
  for (const Total& total : listed(totals))
    if (expectation.metric == total.name) return total.value;
  const std::vector<double> values =
      values_of(expectation.metric, rows, expectation.at == RowAt::end);
  if (values.empty()) return std::nullopt;
  // Of the last row there is one value at most: its maximum.
  if (expectation.at == RowAt::smallest) return *std::min_element(values.begin(), values.end());
  return *std::max_element(values.begin(), values.end());
}

}  // namespace

std::optional<RowAt> row_named(const std::string& word) {
  if (word.empty()) return RowAt::end;
  if (word == "max") return RowAt::largest;
  if (word == "min") return RowAt::smallest;
  return word == "end" ? std::optional(RowAt::end) : std::nullopt;
}

std::vector<MetricDescription> total_descriptions() {
  std::vector<MetricDescription> descriptions;
  for (const Total& total : listed({}))
    descriptions.push_back({total.name, total.unit, total.summary});
  return descriptions;
}

std::vector<MetricDescription> expectation_metric_descriptions() {
  std::vector<MetricDescription> all = metric_descriptions();
  for (MetricDescription& total : total_descriptions()) all.push_back(std::move(total));
  return all;
}

std::vector<std::string> expectation_metrics() {
  std::vector<std::string> names;
  for (const MetricDescription& metric : expectation_metric_descriptions())
    names.push_back(metric.name);
  return names;
}

bool is_fraction(const std::string& metric) {
  const std::vector<MetricDescription> all = expectation_metric_descriptions();
  return std::any_of(all.begin(), all.end(), [&](const MetricDescription& each) {
    return each.name == metric && each.unit == "fraction";
  });
}

std::vector<Verified> verify(const std::vector<Expectation>& expectations,
                             const std::vector<MetricsRow>& rows, const RunTotals& totals) {
  std::vector<Verified> all;
  for (const Expectation& each : expectations) {
    const std::optional<double> measured = measure(each, rows, totals);
    // What has no value meets nothing, however the statement compares it.
    all.push_back({each, measured, measured && holds(*measured, each.relation, each.value)});
  }
  return all;
}

}  // namespace byzsim
