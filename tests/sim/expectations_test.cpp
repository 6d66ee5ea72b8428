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
  CHECK(verified({"accuracy", RowAt::end, Relation::equal, 0.5}, rows()).measured == 0.5);
  CHECK(verified({"accuracy", RowAt::largest, Relation::equal, 0.5}, rows()).measured == 0.9);
  CHECK(verified({"accuracy", RowAt::smallest, Relation::equal, 0.5}, rows()).measured == 0.2);
}

TEST_CASE("every relation holds on its side and nowhere else") {
  // Of the measured 0.5 to 0.4, 0.5 and 0.6.
  const std::vector<std::pair<Relation, std::vector<bool>>> relations = {
      {Relation::at_least, {true, true, false}},
      {Relation::at_most, {false, true, true}},
      {Relation::above, {true, false, false}},
      {Relation::below, {false, false, true}},
      {Relation::equal, {false, true, false}}};
  const std::vector<double> values = {0.4, 0.5, 0.6};
  for (const auto& [relation, holds] : relations)
    for (std::size_t i = 0; i < values.size(); ++i) {
      CAPTURE(to_string(relation), values[i]);
      CHECK(verified({"accuracy", RowAt::end, relation, values[i]}, rows()).holds == holds[i]);
    }
}

TEST_CASE("an expectation may be about how a run ended and which invariants it broke") {
  const RunTotals totals{20, 0.75, 0, 3, true, false, true};
  CHECK(
      verify({{"broken_invariants", RowAt::end, Relation::equal, 3}}, rows(), totals).at(0).holds);
  CHECK(verify({{"stalled", RowAt::end, Relation::equal, 1}}, rows(), totals).at(0).holds);
  CHECK(verify({{"timed_out", RowAt::end, Relation::equal, 0}}, rows(), totals).at(0).holds);
  CHECK(verify({{"diverged", RowAt::end, Relation::equal, 1}}, rows(), totals).at(0).holds);
}

TEST_CASE("an undefined value bears nothing out") {
  const std::vector<MetricsRow> diverged = {row(0, 0.2), row(10, std::nullopt)};
  for (const Relation relation :
       {Relation::at_least, Relation::at_most, Relation::above, Relation::below, Relation::equal}) {
    const Verified at_end = verified({"accuracy", RowAt::end, relation, 0}, diverged);
    CHECK_FALSE(at_end.measured);
    CHECK_FALSE(at_end.holds);
  }
  CHECK_FALSE(verified({"accuracy", RowAt::end, Relation::at_most, 1}, {}).holds);
  CHECK_FALSE(verified({"drift", RowAt::largest, Relation::at_most, 1}, diverged).holds);
}

TEST_CASE("rows without a value say nothing about the largest and the smallest") {
  const std::vector<MetricsRow> diverged = {row(0, 0.2), row(10, 0.3), row(20, std::nullopt)};
  CHECK(verified({"accuracy", RowAt::largest, Relation::at_most, 1}, diverged).measured == 0.3);
  CHECK(verified({"accuracy", RowAt::smallest, Relation::at_most, 1}, diverged).measured == 0.2);
}

TEST_CASE("an expectation may be about the step that was reached, whatever the rows say") {
  CHECK(verified({"steps", RowAt::end, Relation::at_least, 17}, rows(), 17).holds);
  CHECK_FALSE(verified({"steps", RowAt::end, Relation::at_least, 18}, rows(), 17).holds);
  CHECK(verified({"step", RowAt::end, Relation::equal, 20}, rows(), 17).holds);  // of the last row
}

TEST_CASE("an expectation may be about every column of metrics.csv and every total") {
  std::vector<std::string> names = metric_names();
  names.insert(names.end(), {"steps", "accepted_share", "byzantine_accepted_share",
                             "broken_invariants", "stalled", "timed_out", "diverged"});
  CHECK(expectation_metrics() == names);
}

TEST_CASE("expectations are verified in their order") {
  const auto all = verify(
      {{"accuracy", RowAt::end, Relation::above, 0.6}, {"steps", RowAt::end, Relation::equal, 20}},
      rows(), {20, 0, 0});
  REQUIRE(all.size() == 2);
  CHECK(all[0].expectation.metric == "accuracy");
  CHECK_FALSE(all[0].holds);
  CHECK(all[1].expectation.metric == "steps");
  CHECK(all[1].holds);
}

}  // namespace byzsim::expectations_test
