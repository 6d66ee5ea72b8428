// The tables behind panels of worst cases: seeds are averaged first, then the worst value on an
// axis is taken.
#include "tools/figures/worst_cases.h"

#include <fmt/format.h>

#include "tests/catch.h"

namespace byzsim::worst_cases_test {
namespace {

// Two attacks with two seeds each. Accuracies at the steps 0, 10, 20, averaged over the seeds:
// 0.1, 0.6, 0.5 under x and 0.1, 0.5, 0.65 under y.
const std::string kCurves =
    "point,f,attack,seed,step,accuracy,loss\n"
    "0,3,x,1,0,0.1,2\n0,3,x,1,10,0.9,1\n0,3,x,1,20,0.5,1\n"
    "1,3,x,2,0,0.1,2\n1,3,x,2,10,0.3,1\n1,3,x,2,20,0.5,1\n"
    "2,3,y,1,0,0.1,2\n2,3,y,1,10,0.5,1\n2,3,y,1,20,0.6,1\n"
    "3,3,y,2,0,0.1,2\n3,3,y,2,10,0.5,1\n3,3,y,2,20,0.7,1\n";

// The table of a panel of points over f, with the keys of `more`, of the table t.
CsvTable worst(const std::string& table, const std::string& more) {
  const Json panel = Json::parse(
      R"({"kind": "points", "table": "t", "x": "f", "worst_of": "attack", )" + more + "}");
  return worst_cases(panel, {{"t", parse_csv(table, "t")}});
}

std::vector<std::string> column(const CsvTable& table, const std::string& name) {
  std::vector<std::string> cells;
  for (const auto& row : table.rows) cells.push_back(row[table.column(name).value()]);
  return cells;
}

using Cells = std::vector<std::string>;

}  // namespace

TEST_CASE("of a cell the attack is worst whose largest mean over seeds is smallest") {
  // Averages of each seed's own largest value would be 0.7 under x and 0.65 under y.
  const CsvTable table = worst(kCurves, R"("y": "accuracy", "at": "largest")");
  CHECK(table.columns == Cells{"f", "attack", "seed", "step", "accuracy", "diverged", "status",
                               "mean", "standard_deviation"});
  CHECK(column(table, "attack") == Cells{"x", "x"});
  CHECK(column(table, "step") == Cells{"10", "10"});
  CHECK(column(table, "accuracy") == Cells{"0.9", "0.3"});
  for (const std::size_t row : {0u, 1u}) {
    CHECK(number_in(column(table, "mean")[row]) == Approx(0.6));
    // Of 0.9 and 0.3: sqrt((0.3 * 0.3 + 0.3 * 0.3) / 1).
    CHECK(number_in(column(table, "standard_deviation")[row]) == Approx(0.424264068711928));
  }
}

TEST_CASE("the end of each run counts unless a worst case is taken at another row") {
  const CsvTable table = worst(kCurves, R"("y": "accuracy", "at": "end")");
  CHECK(column(table, "accuracy") == Cells{"0.5", "0.5"});
  CHECK(column(table, "step") == Cells{"20", "20"});
}

TEST_CASE("a worst case over steps is that of each step") {
  const Json panel = Json::parse(R"({"kind": "curves", "table": "t", "x": "step", "y": "accuracy",
                                     "worst_of": "attack"})");
  const CsvTable table = worst_cases(panel, {{"t", parse_csv(kCurves, "t")}});
  CHECK(column(table, "step") == Cells{"0", "0", "10", "10", "20", "20"});
  CHECK(column(table, "attack") == Cells{"any", "any", "y", "y", "x", "x"});
}

TEST_CASE("the largest loss is worst, and the smallest accuracy") {
  const std::string runs =
      "point,f,attack,seed,loss,accuracy,accuracy_of_mean\n"
      "0,3,x,1,0.25,0.8,0.8\n1,3,y,1,0.5,0.9,0.9\n2,3,z,1,0.375,0.7,0.7\n";
  CHECK(column(worst(runs, R"("y": "loss")"), "attack") == Cells{"y"});
  CHECK(column(worst(runs, R"("y": "accuracy")"), "attack") == Cells{"z"});
  CHECK(column(worst(runs, R"("y": "accuracy_of_mean")"), "attack") == Cells{"z"});
  CHECK(column(worst(runs, R"("y": "loss")"), "standard_deviation") == Cells{""});
}

TEST_CASE("a value with a run that has diverged is worse than any number") {
  const CsvTable table = worst(
      "point,f,attack,seed,diverged_at_step,accuracy\n"
      "0,3,x,1,,0.1\n1,3,x,2,,0.1\n2,3,y,1,,0.9\n3,3,y,2,40,0.9\n",
      R"("y": "accuracy")");
  CHECK(column(table, "attack") == Cells{"y", "y"});
  CHECK(column(table, "diverged") == Cells{"0", "1"});
  CHECK(column(table, "accuracy") == Cells{"", ""});
  CHECK(column(table, "mean") == Cells{"", ""});
}

TEST_CASE("a curve whose loss ends has diverged, whatever it was before") {
  const CsvTable table = worst(
      "point,f,attack,seed,step,accuracy,loss\n"
      "0,3,x,1,0,0.1,2\n0,3,x,1,10,0.9,1\n0,3,x,1,20,,\n"
      "1,3,y,1,0,0.1,2\n1,3,y,1,10,0.2,1\n1,3,y,1,20,0.2,1\n",
      R"("y": "accuracy", "at": "largest")");
  CHECK(column(table, "attack") == Cells{"x"});
  CHECK(column(table, "diverged") == Cells{"1"});
}

TEST_CASE("only steps that all seeds have count in the mean curve") {
  const CsvTable table = worst(
      "point,f,attack,seed,step,accuracy,loss\n"
      "0,3,x,1,0,0.1,2\n0,3,x,1,10,0.4,2\n0,3,x,1,20,1,2\n"
      "1,3,x,2,0,0.1,2\n1,3,x,2,10,0.6,2\n",
      R"("y": "accuracy", "at": "largest")");
  CHECK(column(table, "mean") == Cells{"0.5", "0.5"});
}

TEST_CASE("where all attacks are equally bad, any is worst") {
  const std::string runs =
      "point,f,attack,seed,accuracy\n"
      "0,0,x,1,0.9\n1,0,y,1,0.9\n2,0,z,1,0.9\n"
      "3,3,x,1,0.8\n4,3,y,1,0.7\n5,3,z,1,0.7\n";
  CHECK(column(worst(runs, R"("y": "accuracy")"), "attack") == Cells{"any", "y"});
  CHECK(column(worst(runs, R"("y": "accuracy", "where": {"attack": "x"})"), "attack") ==
        Cells{"x", "x"});
}

TEST_CASE("tables that are drawn as one have a worst case in common") {
  const Json panel = Json::parse(R"({"kind": "points", "table": ["a", "b"], "x": "f",
      "y": "accuracy", "worst_of": "attack", "where": {"alpha": 1}})");
  const CsvTable table = worst_cases(
      panel, {{"a", parse_csv("point,alpha,f,attack,seed,accuracy\n"
                              "0,1,3,x,1,0.5\n1,2,3,x,1,0.1\n",
                              "a")},
              {"b", parse_csv("point,f,attack,seed,accuracy\n0,3,y,1,0.4\n1,6,y,1,0.3\n", "b")}});
  CHECK(column(table, "f") == Cells{"3", "6"});
  CHECK(column(table, "accuracy") == Cells{"0.4", "0.3"});
}

TEST_CASE("a run that stalled counts by the rows that it has, and its status is beside it") {
  const std::string runs =
      "point,f,attack,seed,status,accuracy\n"
      "0,3,x,1,trained,0.9\n1,3,y,1,stalled,0.1\n";
  CHECK(column(worst(runs, R"("y": "accuracy")"), "attack") == Cells{"y"});
  CHECK(column(worst(runs, R"("y": "accuracy")"), "status") == Cells{"stalled"});
}

TEST_CASE("a run without a value whose status is diverged has diverged") {
  const std::string runs =
      "point,f,attack,seed,status,accuracy\n"
      "0,3,x,1,trained,0.9\n1,3,y,1,diverged,\n";
  CHECK(column(worst(runs, R"("y": "accuracy")"), "attack") == Cells{"y"});
  CHECK(column(worst(runs, R"("y": "accuracy")"), "diverged") == Cells{"1"});
}

TEST_CASE("the status of a curve is that of its run in the table of runs") {
  const Json panel = Json::parse(R"({"kind": "points", "table": "t-curves", "x": "f",
                                     "y": "accuracy", "at": "end", "worst_of": "attack"})");
  const CsvTable table = worst_cases(
      panel,
      {{"t", parse_csv("point,f,attack,seed,status\n0,3,x,1,stalled\n1,3,y,1,trained\n", "t")},
       {"t-curves", parse_csv("point,f,attack,seed,step,accuracy,loss\n"
                              "0,3,x,1,0,0.1,2\n1,3,y,1,0,0.1,2\n1,3,y,1,10,0.9,1\n",
                              "t-curves")}});
  CHECK(column(table, "attack") == Cells{"x"});
  CHECK(column(table, "status") == Cells{"stalled"});
}

}  // namespace byzsim::worst_cases_test
