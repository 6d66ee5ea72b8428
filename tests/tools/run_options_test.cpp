// `byzsim run`: the options that change or observe a run.
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::run_options_test {
namespace {

std::string error_of_set(const std::string& set) {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim({"run", "-", "--set", set}, kTinyScenario);
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.out.empty());
  CHECK(fs::is_empty(sandbox.path()));
  return outcome.err;
}

}  // namespace

TEST_CASE("option --set takes a JSON value of any kind") {
  const Json run = tiny_run({"--set", "/steps=4", "--set", "/unsafe=true", "--set",
                             R"(/model={"name": "mlp", "parameters": {"hidden": [2]}})", "--set",
                             "/model/parameters/hidden/0=5", "--set",
                             "/optimizer/rate/parameters/initial=1e-3"});
  const Json& scenario = run["scenario"];
  CHECK(scenario["steps"] == 4);
  CHECK(scenario["unsafe"] == true);
  CHECK(scenario["model"]["parameters"]["hidden"] == Json::array({5}));
  CHECK(scenario["optimizer"]["rate"]["parameters"]["initial"] == 0.001);
}

TEST_CASE("option --set takes a bare word as a string") {
  const Json run = tiny_run({"--set", "/name=renamed", "--set", "/adversary/workers=gaussian"});
  CHECK(run["name"] == "renamed");
  CHECK(run["scenario"]["adversary"]["workers"]["name"] == "gaussian");
}

TEST_CASE("option --set keeps what stands behind its first equals sign") {
  CHECK(tiny_run({"--set", "/summary=a=b"})["scenario"]["summary"] == "a=b");
}

TEST_CASE("the last --set of a value wins") {
  CHECK(tiny_run({"--set", "/steps=4", "--set", "/steps=5"})["steps"] == 5);
}

TEST_CASE("option --set without a pointer or a value says how it is written") {
  for (const char* set : {"steps=3", "/steps", "", "=3"})
    CHECK_THAT(error_of_set(set), contains("error: --set " + std::string(set) +
                                           ": must be /json/pointer=value; for example"));
}

TEST_CASE("option --set through a number or a text is refused") {
  for (const char* set : {"/seed/deeper=1", "/name/first=1"})
    CHECK_THAT(error_of_set(set), contains("which is not an object"));
}

TEST_CASE("option --set of an unknown key is refused like one in the file") {
  CHECK_THAT(error_of_set("/workers/cuont=9"), contains("error: /workers/cuont: unknown key; "
                                                        "did you mean 'count'?"));
}

TEST_CASE("option --seed is --set /seed") {
  const Json by_option = tiny_run({"--seed", "77"}), by_set = tiny_run({"--set", "/seed=77"});
  CHECK(by_option["seed"] == 77);
  CHECK(by_option["digest"] == by_set["digest"]);
  CHECK(by_option["id"] == by_set["id"]);
  CHECK(by_option["digest"]["run"] != tiny_run()["digest"]["run"]);
}

TEST_CASE("a seed beyond 2^53 is written in hex digits and kept") {
  const Json run = tiny_run({"--seed", "0xfedcba9876543210"});
  CHECK(run["seed"] == "0xfedcba9876543210");
  CHECK(tiny_run({}, {}, run["scenario"].dump())["digest"] == run["digest"]);
}

TEST_CASE("option --quiet changes nothing but progress") {
  const Outcome outcome = Sandbox().byzsim({"run", "-", "--quiet"}, kTinyScenario);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  CHECK_THAT(outcome.out, contains("digest    "));
}

TEST_CASE("option --threads must be a positive number") {
  for (const char* threads : {"0", "-1", "many", "2000"}) {
    const Outcome outcome = Sandbox().byzsim({"run", "-", "--threads", threads}, kTinyScenario);
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, contains("--threads"));
  }
}

TEST_CASE("option --set of bytes that are no UTF-8 is refused") {
  const Outcome outcome = Sandbox().byzsim({"run", "-", "--set", "/summary=\xff"}, kTinyScenario);
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, StartsWith("error: --set /summary="));
}

TEST_CASE("option --set far beyond the end of a list is refused") {
  const Outcome outcome =
      Sandbox().byzsim({"run", "quickstart", "--set", "/model/parameters/hidden/999999999=1"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("is not an index of a list of 1; use 0 to 1"));
}

}  // namespace byzsim::process::run_options_test
