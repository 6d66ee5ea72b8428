// `byzsim run` of a scenario that says what must come out.
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::expectations_test {
namespace {

const std::string kHolding = R"({"expect": [
  {"metric": "steps", "relation": "=", "value": 6},
  {"metric": "drift", "at": "smallest", "relation": "<=", "value": 0}]})";
// The tiny run's drift is 0 at its first step, when all servers begin alike, and never below.
const std::string kBroken = R"({"expect": [
  {"metric": "steps", "relation": "=", "value": 6},
  {"metric": "drift", "at": "smallest", "relation": "<", "value": 0}]})";

Outcome run_expecting(const std::string& changes, const Arguments& more = {}) {
  Arguments arguments = {"run", "-"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return Sandbox().byzsim(arguments, tiny_with(changes));
}

}  // namespace

TEST_CASE("a run that bears its expectations out is done and says so") {
  const Outcome outcome = run_expecting(kHolding);
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, contains("expectation met: steps (end) = 6: 6\n") &&
                              contains("expectation met: drift (smallest) <= 0: 0\n"));
}

TEST_CASE("a run that breaks one of its expectations exits with 5 and says which") {
  const Outcome outcome = run_expecting(kBroken);
  CHECK(outcome.exit_code == 5);
  CHECK(outcome.err.empty());
  CHECK_THAT(outcome.out, contains("expectation met: steps (end) = 6: 6\n") &&
                              contains("expectation failed: drift (smallest) < 0: 0\n"));
}

TEST_CASE("run.json has an entry for every expectation, in their order") {
  const Outcome outcome = run_expecting(kBroken, {"--json"});
  CHECK(outcome.exit_code == 5);
  const Json expectations = Json::parse(outcome.out)["expectations"];
  REQUIRE(expectations.size() == 2);
  CHECK(expectations[0] == Json::parse(R"({"metric": "steps", "at": "end", "relation": "=",
                                          "value": 6.0, "measured": 6.0, "holds": true})"));
  CHECK(expectations[1] == Json::parse(R"({"metric": "drift", "at": "smallest", "relation": "<",
                                          "value": 0.0, "measured": 0.0, "holds": false})"));
}

TEST_CASE("an expectation about a value that is undefined is broken") {
  const Outcome outcome = run_expecting(
      R"({"optimizer": {"rate": {"parameters": {"initial": 1e30}}}, "model": "mlp",
          "expect": [{"metric": "loss", "relation": ">=", "value": 0}]})");
  CHECK(outcome.exit_code == 5);
  CHECK_THAT(outcome.out, contains("expectation failed: loss (end) >= 0: undefined\n"));
}

TEST_CASE("a finished run that broke an expectation is still broken when it is shown again") {
  const Sandbox sandbox;
  const Arguments arguments = {"run", "-", "--out", "here"};
  CHECK(sandbox.byzsim(arguments, tiny_with(kBroken)).exit_code == 5);
  const Outcome again = sandbox.byzsim(arguments, tiny_with(kBroken));
  CHECK(again.exit_code == 5);
  CHECK_THAT(again.err, contains("this run exists"));
}

TEST_CASE("what is expected changes the id of a run and no digest") {
  const Json expecting = tiny_run({}, {}, tiny_with(kHolding)), plain = tiny_run();
  CHECK(expecting["digest"] == plain["digest"]);
  CHECK(expecting["id"] != plain["id"]);
}

TEST_CASE("a run that broke an expectation has the same bits again") {
  const Sandbox sandbox;
  REQUIRE(sandbox.byzsim({"run", "-", "--out", "here"}, tiny_with(kBroken)).exit_code == 5);
  CHECK(sandbox.byzsim({"verify", "here"}).exit_code == 0);
}

TEST_CASE("an expectation about no metric is refused with the nearest") {
  const Outcome outcome = run_expecting(R"({"expect": [{"metric": "acuracy"}]})");
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err,
             StartsWith("error: /expect/0/metric: ") && contains("did you mean 'accuracy'?"));
}

TEST_CASE("an accuracy is expected as a fraction, and percent are refused with it") {
  const auto error_with = [](const std::string& metric, const std::string& value) {
    const Outcome outcome = run_expecting(R"({"expect": [{"metric": ")" + metric +
                                          R"(", "relation": ">", "value": )" + value + "}]}");
    CHECK(outcome.exit_code == 2);
    return outcome.err;
  };
  CHECK(error_with("accuracy", "90") ==
        "error: /expect/0/value: accuracy is a fraction in [0, 1]; did you mean 0.9?\n");
  CHECK(error_with("accuracy_worst", "87.5") ==
        "error: /expect/0/value: accuracy_worst is a fraction in [0, 1]; did you mean 0.875?\n");
  CHECK(error_with("accuracy", "-0.5") ==
        "error: /expect/0/value: accuracy is a fraction in [0, 1]\n");
  CHECK(error_with("accuracy", "900") ==
        "error: /expect/0/value: accuracy is a fraction in [0, 1]\n");
}

TEST_CASE("other metrics are expected at any value, and an accuracy at 0 and 1") {
  const Outcome outcome = run_expecting(R"({"expect": [
    {"metric": "drift", "relation": "<", "value": 90},
    {"metric": "accuracy", "relation": ">=", "value": 0},
    {"metric": "accuracy", "relation": "<=", "value": 1}]})");
  CHECK(outcome.exit_code == 0);
}

}  // namespace byzsim::process::expectations_test
