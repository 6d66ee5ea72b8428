// What must be seen on a figure: numbers taken from tables, and statements about them.
#include "tools/figures/figure_expectation.h"

#include "tests/catch.h"

namespace byzsim::figure_expectation_test {
namespace {

// Two systems with two runs each.
const FigureTables kTables = {
    {"runs", parse_csv("point,system,seed,accuracy,drift\n"
                       "0,plain,1,0.8,\n"
                       "1,plain,2,0.9,\n"
                       "2,robust,1,0.7,2\n"
                       "3,robust,2,0.8,4\n",
                       "runs")},
    {"runs-curves", parse_csv("point,system,step,seconds,accuracy\n"
                              "0,plain,0,0,0.1\n0,plain,10,1,0.6\n0,plain,20,2,0.5\n"
                              "1,plain,0,0,0.1\n1,plain,10,3,0.4\n1,plain,20,5,0.9\n",
                              "runs-curves")}};
const std::vector<std::string> kNames = {"runs", "runs-curves"};

FigureExpectation read(const std::string& text) {
  Issues issues;
  const FigureExpectation expectation =
      read_figure_expectation(Json::parse(text), "/expect/0", kNames, issues);
  throw_if_any(issues);
  return expectation;
}

std::optional<double> measured(const std::string& keys) {
  return value_of(read("{" + keys + R"(, "relation": "=", "value": 0})").measured, kTables);
}

CheckedExpectation checked(const std::string& text) { return check(read(text), kTables); }

std::string mistakes_in(const std::string& text) {
  Issues issues;
  read_figure_expectation(Json::parse(text), "/expect/0", kNames, issues);
  std::string all;
  for (const Issue& issue : issues) all += to_string(issue) + "\n";
  return all;
}

}  // namespace

TEST_CASE("a figure's number is the mean over the selected runs, their smallest or largest") {
  const std::string plain = R"("metric": "accuracy", "where": {"system": "plain"})";
  CHECK(*measured(plain) == Approx(0.85));  // (0.8 + 0.9) / 2
  CHECK(measured(plain + R"(, "runs": "smallest")") == 0.8);
  CHECK(measured(plain + R"(, "runs": "largest")") == 0.9);
  CHECK(measured(R"("metric": "accuracy", "where": {"system": "robust", "seed": 2})") == 0.8);
}

TEST_CASE("of a curve the last row counts, the largest or smallest, or the first at a level") {
  const std::string curves = R"("of": "runs-curves", "metric": "accuracy", "runs": "smallest")";
  CHECK(measured(curves) == 0.5);                           // ends: 0.5, 0.9
  CHECK(measured(curves + R"(, "at": "largest")") == 0.6);  // 0.6, 0.9
  CHECK(measured(curves + R"(, "at": "smallest")") == 0.1);
  CHECK(measured(R"("of": "runs-curves", "metric": "seconds", "at": {"accuracy": 0.55})") ==
        3.0);  // at 1 and at 5 seconds
}

TEST_CASE("a number is undefined where nothing is selected or a run has no value") {
  CHECK_FALSE(measured(R"("metric": "accuracy", "where": {"system": "absent"})"));
  CHECK_FALSE(measured(R"("metric": "drift")"));
  CHECK_FALSE(measured(R"("of": "runs-curves", "metric": "seconds", "at": {"accuracy": 0.7})"));
}

TEST_CASE("a figure's expectation compares with a number, or with a multiple of another one") {
  const CheckedExpectation number = checked(
      R"({"metric": "drift", "where": {"system": "robust"}, "relation": "<=", "value": 3})");
  CHECK(number.holds);
  CHECK(number.sentence == "drift (system robust) = 3 <= 3");
  const std::string robust = R"({"metric": "accuracy", "where": {"system": "robust"},
      "relation": ">=", "value": {"where": {"system": "plain"}, "times": )";
  CHECK(checked(robust + "0.88}}").holds);  // 0.75 >= 0.748
  const CheckedExpectation broken = checked(robust + "0.9}}");
  CHECK_FALSE(broken.holds);  // 0.75 < 0.765
  CHECK(broken.sentence ==
        "accuracy (system robust) = 0.75 >= 0.9 x accuracy (system plain) = 0.85");
  CHECK(checked(robust + "1}}").sentence ==
        "accuracy (system robust) = 0.75 >= accuracy (system plain) = 0.85");
}

TEST_CASE("a figure's expectation names the tables where it compares two of them") {
  CHECK(checked(R"({"metric": "accuracy", "where": {"system": "plain"}, "relation": ">=",
                    "value": {"of": "runs-curves", "at": "largest"}})")
            .sentence ==
        "accuracy of runs (system plain) = 0.85 >= accuracy of runs-curves at its "
        "largest = 0.75");
}

TEST_CASE("an undefined number bears nothing out on a figure") {
  const CheckedExpectation undefined =
      checked(R"({"metric": "drift", "relation": ">=", "value": -1})");
  CHECK_FALSE(undefined.holds);
  CHECK(undefined.sentence == "drift = undefined >= -1");
}

TEST_CASE("where no row is selected, a figure's expectation names the row that is missing") {
  CHECK(checked(R"({"metric": "accuracy", "where": {"system": "plain", "seed": 3},
                    "relation": ">=", "value": {"where": {"system": "absent"}}})")
            .sentence ==
        "accuracy (system plain, seed 3) = undefined >= accuracy (system absent) = undefined; "
        "runs has no row with system plain, seed 3; runs has no row with system absent");
}

TEST_CASE("all mistakes in a figure's expectation are reported at once with their places") {
  CHECK(mistakes_in(R"({"metrik": "accuracy", "of": "runz", "runs": "median",
                        "at": {"accuracy": "high"}, "where": ["plain"], "relation": "~",
                        "value": {"times": "twice"}})") ==
        "/expect/0/metrik: unknown key; did you mean 'metric'? allowed: of, metric, at, runs, "
        "where, relation, value\n"
        "/expect/0/metric: is missing\n"
        "/expect/0/of: must be one of: runs, runs-curves; found \"runz\"; did you mean 'runs'?\n"
        "/expect/0/runs: must be one of: mean, smallest, largest; found \"median\"; did you mean "
        "'mean'?\n"
        "/expect/0/at: must name one column and the level it reaches; for example "
        "{\"accuracy\": 0.8}\n"
        "/expect/0/where: must be an object of columns and their values, not [\"plain\"]; for "
        "example {\"system\": \"vanilla\"}\n"
        "/expect/0/relation: must be one of: >=, <=, >, <, =; found \"~\"\n"
        "/expect/0/value/times: must be a number\n");
}

TEST_CASE("a figure's accuracy is a fraction, and percent are refused with it") {
  CHECK(mistakes_in(R"({"metric": "accuracy", "relation": ">", "value": 90})") ==
        "/expect/0/value: accuracy is a fraction in [0, 1]; did you mean 0.9?\n");
  CHECK(
      mistakes_in(R"({"metric": "step", "at": {"accuracy": 80}, "relation": "<", "value": 90})") ==
      "/expect/0/at/accuracy: accuracy is a fraction in [0, 1]; did you mean 0.8?\n");
  CHECK(mistakes_in(R"({"metric": "accuracy", "relation": ">", "value": {"times": 2}})").empty());
}

TEST_CASE("columns that a figure's expectation needs and its table lacks are told") {
  const Issues issues =
      missing_columns(read(R"({"metric": "acuracy", "where": {"sytem": "plain"}, "relation": "=",
               "value": {"metric": "loss"}})"),
                      kTables, "/expect/3");
  REQUIRE(issues.size() == 3);
  CHECK(to_string(issues[0]) ==
        "/expect/3: the table runs has no column \"acuracy\"; did you mean 'accuracy'? one "
        "of: point, system, seed, accuracy, drift");
  CHECK(issues[1].problem == "the table runs has no column \"sytem\"");
  CHECK(issues[2].where == "/expect/3/value");
}

TEST_CASE("tables of text survive being written and read") {
  const CsvTable table{{"name", "text"}, {{"a", "1, 2"}, {"b", "said \"no\""}, {"", ""}}};
  CHECK(to_csv(table) == "name,text\na,\"1, 2\"\nb,\"said \"\"no\"\"\"\n,\n");
  const CsvTable again = parse_csv(to_csv(table), "table");
  CHECK(again.columns == table.columns);
  CHECK(again.rows == table.rows);
  CHECK_THROWS_WITH(
      parse_csv("a,b\n1\n", "t.csv"),
      "t.csv: row 1 has 1 cells, the header 2; the file is damaged: delete it and make it again");
}

}  // namespace byzsim::figure_expectation_test
