// byzsim sweep run, status, merge: what a sweep leaves behind, and that nothing is lost.
#include "tests/tools/sweep_scenarios.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::process::sweep_command_test {
namespace {

using Words = std::vector<std::string>;

Words ids_of(const std::vector<Json>& plan) {
  Words ids;
  for (const Json& point : plan) ids.push_back(point["id"]);
  return ids;
}

// A sweep of which one point has a data set that fits into no memory.
const std::string kOneFails = R"({
  "axes": [{"name": "data", "variants": {
    "small": {},
    "huge": {"set": {"/data/parameters/dimension": 1000000, "/data/parameters/train": 10000000}}}}]
})";

}  // namespace

TEST_CASE("a sweep's directory holds its plan and one whole run a point") {
  const Sandbox sandbox;
  const Outcome outcome =
      sandbox.byzsim({"sweep", "run", "-", "--out", "there"}, tiny_sweep(kEightRuns));
  REQUIRE(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, StartsWith("study: 8 runs done, 0 of them before, 0 failed\n"));
  const std::vector<Json> plan = plan_in(sandbox, "there");
  REQUIRE(plan.size() == 8);
  for (const Json& point : plan) {
    const std::string run = "there/runs/" + point["id"].get<std::string>();
    CHECK(Json::parse(sandbox.read(run + "/run.json"))["id"] == point["id"]);
    CHECK(sandbox.holds(run + "/metrics.csv"));
  }
}

TEST_CASE("points go through the axes with the last fastest and the seeds innermost") {
  const Sandbox sandbox;
  run_and_merge(sandbox, tiny_sweep(kEightRuns), "there");
  const std::string summary = sandbox.read("there/summary.csv");
  CHECK(column_of(summary, "point") == Words{"0", "1", "2", "3", "4", "5", "6", "7"});
  CHECK(column_of(summary, "z") == Words{"0.5", "0.5", "0.5", "0.5", "1.5", "1.5", "1.5", "1.5"});
  CHECK(column_of(summary, "mean") ==
        Words{"1 ms", "1 ms", "20 ms", "20 ms", "1 ms", "1 ms", "20 ms", "20 ms"});
  CHECK(column_of(summary, "seed") == Words{"3", "4", "3", "4", "3", "4", "3", "4"});
}

TEST_CASE("the summary holds what run.json and the last row of metrics.csv say") {
  const Sandbox sandbox;
  run_and_merge(sandbox, tiny_sweep("{}"), "there");
  const std::string summary = sandbox.read("there/summary.csv");
  const Json run = tiny_run();
  CHECK(column_of(summary, "id") == Words{run["id"]});
  CHECK(column_of(summary, "digest") == Words{run["digest"]["run"]});
  CHECK(column_of(summary, "status") == Words{"trained"});
  CHECK(column_of(summary, "messages") == Words{run["messages"].dump()});
  CHECK(std::stod(column_of(summary, "loss")[0]) == run["final"]["loss"].get<double>());
}

TEST_CASE("the curves hold every row of every run") {
  const Sandbox sandbox;
  run_and_merge(sandbox, tiny_sweep(R"({"repeat": 2})"), "there");
  const std::string curves = sandbox.read("there/curves.csv");
  CHECK(column_of(curves, "point") == Words{"0", "0", "0", "0", "1", "1", "1", "1"});
  CHECK(column_of(curves, "step") == Words{"0", "2", "4", "6", "0", "2", "4", "6"});
}

TEST_CASE("the tables are the same bytes whatever the jobs and slices") {
  const Sandbox sandbox;
  const std::string sweep = tiny_sweep(kEightRuns);
  run_and_merge(sandbox, sweep, "whole");
  for (const char* slice : {"3/3", "1/3", "2/3"})
    CHECK(sandbox
              .byzsim({"sweep", "run", "-", "--out", "sliced", "--slice", slice, "--jobs", "1"},
                      sweep)
              .exit_code == 0);
  CHECK(sandbox.byzsim({"sweep", "merge", "sliced"}).exit_code == 0);
  for (const char* table : {"summary.csv", "curves.csv"})
    CHECK(sandbox.read("whole/" + std::string(table)) ==
          sandbox.read("sliced/" + std::string(table)));
}

TEST_CASE("equal seeds draw the same at every point of the other axes") {
  const Sandbox sandbox;
  // What workers say changes nothing about when messages are sent and how long they travel.
  run_and_merge(sandbox, tiny_sweep(R"({
    "set": {"/adversary/workers": "a_little_is_enough"},
    "axes": [{"name": "z", "pointer": "/adversary/workers/parameters/z", "values": [0.5, 1.5]}],
    "repeat": 2})"),
                "there");
  const Words seconds = column_of(sandbox.read("there/summary.csv"), "simulated_seconds");
  REQUIRE(seconds.size() == 4);
  CHECK(seconds[0] == seconds[2]);
  CHECK(seconds[1] == seconds[3]);
  CHECK(seconds[0] != seconds[1]);
}

TEST_CASE("points that are the same run are run once and merged as often as they stand") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim({"sweep", "run", "-", "--out", "there"},
                                         tiny_sweep(R"({"axes": [{"name": "how", "variants":
                     {"plain": {}, "said": {"set": {"/metrics/every": 2}}}}]})"));
  CHECK_THAT(outcome.out, StartsWith("study: 1 runs done"));
  CHECK(sandbox.byzsim({"sweep", "merge", "there"}).exit_code == 0);
  CHECK(column_of(sandbox.read("there/summary.csv"), "how") == Words{"plain", "said"});
}

TEST_CASE("a sweep that has begun goes on by its directory and repeats nothing") {
  const Sandbox sandbox;
  sandbox.byzsim({"sweep", "run", "-", "--out", "there", "--slice", "1/2"}, tiny_sweep(kEightRuns));
  const std::string first = ids_of(plan_in(sandbox, "there"))[0];
  const auto made = fs::last_write_time(sandbox.path() / "there/runs" / first / "run.json");
  const Outcome outcome = sandbox.byzsim({"sweep", "run", "there"});
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, StartsWith("study: 8 runs done, 4 of them before"));
  CHECK(fs::last_write_time(sandbox.path() / "there/runs" / first / "run.json") == made);
}

TEST_CASE("status counts what is done and exits with 4 until all is") {
  const Sandbox sandbox;
  sandbox.byzsim({"sweep", "run", "-", "--out", "there", "--slice", "1/4"}, tiny_sweep(kEightRuns));
  const Outcome part = sandbox.byzsim({"sweep", "status", "there"});
  CHECK(part.exit_code == 4);
  CHECK(part.out == "2 of 8 runs done, 0 failed, 6 missing\n");
  sandbox.byzsim({"sweep", "run", "there"});
  const Outcome whole = sandbox.byzsim({"sweep", "status", "there"});
  CHECK(whole.exit_code == 0);
  CHECK(whole.out == "8 of 8 runs done, 0 failed, 0 missing\n");
}

TEST_CASE("status --json tells the same to programs") {
  const Sandbox sandbox;
  sandbox.byzsim({"sweep", "run", "-", "--out", "there"}, tiny_sweep(kOneFails));
  const Outcome outcome = sandbox.byzsim({"sweep", "status", "there", "--json"});
  CHECK(outcome.exit_code == 4);
  const Json status = Json::parse(outcome.out);
  CHECK(status["runs"] == 2);
  CHECK(status["done"] == 1);
  CHECK(status["failed"] == 1);
  CHECK(status["missing"] == 0);
  REQUIRE(status["failures"].size() == 1);
  CHECK_THAT(status["failures"][0]["error"].get<std::string>(), contains("GiB"));
  CHECK(status["failures"][0]["point"] == "data=huge, seed 3");
}

TEST_CASE("a failed run keeps its error, stops no other and is tried again") {
  const Sandbox sandbox;
  const Outcome outcome =
      sandbox.byzsim({"sweep", "run", "-", "--out", "there"}, tiny_sweep(kOneFails));
  CHECK(outcome.exit_code == 4);
  CHECK_THAT(outcome.out, StartsWith("study: 1 runs done, 0 of them before, 1 failed"));
  CHECK_THAT(outcome.err,
             contains("failed: data=huge, seed 3: ") && contains("GiB") &&
                 contains("\nbyzsim sweep merge there --partial merges the finished runs\n"));
  const std::string absent = ids_of(plan_in(sandbox, "there"))[1];
  const Json kept = Json::parse(sandbox.read("there/runs/" + absent + "/error.json"));
  CHECK(kept["id"] == absent);
  CHECK_THAT(sandbox.byzsim({"sweep", "status", "there"}).out,
             StartsWith("1 of 2 runs done, 1 failed, 0 missing\n  failed  data=huge, seed 3: "));
  CHECK_THAT(sandbox.byzsim({"sweep", "run", "there"}).out,
             StartsWith("study: 1 runs done, 1 of them before, 1 failed"));
}

TEST_CASE("an incomplete sweep is merged only when asked, and says what is missing") {
  const Sandbox sandbox;
  sandbox.byzsim({"sweep", "run", "-", "--out", "there"}, tiny_sweep(kOneFails));
  const Outcome refused = sandbox.byzsim({"sweep", "merge", "there"});
  CHECK(refused.exit_code == 4);
  CHECK_THAT(refused.err, contains("1 of 2 runs are not done\nfailed: data=huge, seed 3"));
  CHECK_FALSE(sandbox.holds("there/summary.csv"));
  CHECK(sandbox.byzsim({"sweep", "merge", "there", "--partial"}).exit_code == 0);
  const std::string summary = sandbox.read("there/summary.csv");
  CHECK(column_of(summary, "status") == Words{"trained", "failed"});
  CHECK(column_of(summary, "accuracy")[1].empty());
}

TEST_CASE("results of several versions are merged only when asked") {
  const Sandbox sandbox;
  run_and_merge(sandbox, tiny_sweep(R"({"repeat": 2})"), "there");
  const std::string file = "there/runs/" + ids_of(plan_in(sandbox, "there"))[1] + "/run.json";
  Json run = Json::parse(sandbox.read(file));
  run["version"] = "0.0.1";
  sandbox.write(file, run.dump());
  seal(sandbox, fs::path(file).parent_path().string());
  const Outcome refused = sandbox.byzsim({"sweep", "merge", "there"});
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err,
             contains("1 runs were made by byzsim 0.0.1 under the profile ieee754-fma"));
  CHECK(sandbox.byzsim({"sweep", "merge", "there", "--mixed"}).exit_code == 0);
}

TEST_CASE("a directory of another sweep is never touched") {
  const Sandbox sandbox;
  run_and_merge(sandbox, tiny_sweep("{}"), "there");
  const Outcome other =
      sandbox.byzsim({"sweep", "run", "-", "--out", "there"}, tiny_sweep(R"({"repeat": 2})"));
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, StartsWith("error: there: contains another sweep"));
  sandbox.write("mine/notes.txt", "mine");
  const Outcome foreign = sandbox.byzsim({"sweep", "run", "-", "--out", "mine"}, tiny_sweep("{}"));
  CHECK(foreign.exit_code == 2);
  CHECK_THAT(foreign.err, StartsWith("error: mine: contains something other than a sweep"));
}

TEST_CASE("fields with commas are quoted in the tables") {
  const Sandbox sandbox;
  run_and_merge(sandbox, tiny_sweep(R"({"axes": [
    {"name": "model", "pointer": "/model", "values": [
      {"name": "mlp", "parameters": {"hidden": [2, 3]}}]}]})"),
                "there");
  CHECK_THAT(
      sandbox.read("there/summary.csv"),
      contains("\n0,\"{\"\"name\"\":\"\"mlp\"\",\"\"parameters\"\":{\"\"hidden\"\":[2,3]}}\",3,"));
}

}  // namespace byzsim::process::sweep_command_test
