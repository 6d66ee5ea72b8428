#include "sim/results/expectations.h"

#include <string>
#include <vector>

#include "tests/catch.h"

namespace byzsim::expectations_test {
namespace {

MetricsRow row(std::int64_t step, std::optional<double> accuracy) {
  MetricsRow row;
  row.step = step;
  row.accuracy = accuracy;
  return row;
}

/// Of accuracy 0.2, 0.9, 0.5 at steps 0, 10, 20.
std::vector<MetricsRow> rows() { return {row(0, 0.2), row(10, 0.9), row(20, 0.5)}; }

Verified verified(const Expectation& expectation, const std::vector<MetricsRow>& rows,
                  double steps = 20) {
  return verify({expectation}, rows, {steps, 0.75, 0}).at(0);
}

}  // namespace

TEST_CASE("an expectation is about the end, the largest or the smallest value") {
  CHECK(verified({"accuracy", "end", "=", 0.5}, rows()).measured == 0.5);
  CHECK(verified({"accuracy", "largest", "=", 0.5}, rows()).measured == 0.9);
  CHECK(verified({"accuracy", "smallest", "=", 0.5}, rows()).measured == 0.2);
}

TEST_CASE("every relation holds on its side and nowhere else") {
  // Of the measured 0.5 to 0.4, 0.5 and 0.6.
  const std::vector<std::pair<std::string, std::vector<bool>>> relations = {
      {">=", {true, true, false}},
      {"<=", {false, true, true}},
      {">", {true, false, false}},
      {"<", {false, false, true}},
      {"=", {false, true, false}}};
  const std::vector<double> values = {0.4, 0.5, 0.6};
  for (const auto& [relation, holds] : relations)
    for (std::size_t i = 0; i < values.size(); ++i) {
      CAPTURE(relation, values[i]);
      CHECK(verified({"accuracy", "end", relation, values[i]}, rows()).holds == holds[i]);
    }
}

TEST_CASE("an expectation may be about how a run ended and which invariants it broke") {
  const RunTotals totals{20, 0.75, 0, 3, true, false, true};
  CHECK(verify({{"broken_invariants", "end", "=", 3}}, rows(), totals).at(0).holds);
  CHECK(verify({{"stalled", "end", "=", 1}}, rows(), totals).at(0).holds);
  CHECK(verify({{"timed_out", "end", "=", 0}}, rows(), totals).at(0).holds);
  CHECK(verify({{"diverged", "end", "=", 1}}, rows(), totals).at(0).holds);
}

TEST_CASE("an undefined value bears nothing out") {
  const std::vector<MetricsRow> diverged = {row(0, 0.2), row(10, std::nullopt)};
  for (const char* relation : {">=", "<=", ">", "<", "="}) {
    const Verified at_end = verified({"accuracy", "end", relation, 0}, diverged);
    CHECK_FALSE(at_end.measured);
    CHECK_FALSE(at_end.holds);
  }
  CHECK_FALSE(verified({"accuracy", "end", "<=", 1}, {}).holds);
  CHECK_FALSE(verified({"drift", "largest", "<=", 1}, diverged).holds);
}

TEST_CASE("rows without a value say nothing about the largest and the smallest") {
  const std::vector<MetricsRow> diverged = {row(0, 0.2), row(10, 0.3), row(20, std::nullopt)};
  CHECK(verified({"accuracy", "largest", "<=", 1}, diverged).measured == 0.3);
  CHECK(verified({"accuracy", "smallest", "<=", 1}, diverged).measured == 0.2);
}

TEST_CASE("an expectation may be about the step that was reached, whatever the rows say") {
  CHECK(verified({"steps", "end", ">=", 17}, rows(), 17).holds);
  CHECK_FALSE(verified({"steps", "end", ">=", 18}, rows(), 17).holds);
  CHECK(verified({"step", "end", "=", 20}, rows(), 17).holds);  // of the last row
}

TEST_CASE("an expectation may be about every column of metrics.csv and every total") {
  std::vector<std::string> names = metric_names();
  names.insert(names.end(), {"steps", "accepted_share", "byzantine_accepted_share",
                             "broken_invariants", "stalled", "timed_out", "diverged"});
  CHECK(expectation_metrics() == names);
}

TEST_CASE("expectations are verified in their order") {
  const auto all =
      verify({{"accuracy", "end", ">", 0.6}, {"steps", "end", "=", 20}}, rows(), {20, 0, 0});
  REQUIRE(all.size() == 2);
  CHECK(all[0].expectation.metric == "accuracy");
  CHECK_FALSE(all[0].holds);
  CHECK(all[1].expectation.metric == "steps");
  CHECK(all[1].holds);
}

}  // namespace byzsim::expectations_test
