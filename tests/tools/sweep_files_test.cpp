// Sweep files and --axis: which points they make, and what is refused before anything runs.
#include <cstdlib>

#include "tests/places.h"
#include "tests/tools/json_schema.h"
#include "tests/tools/sweep_scenarios.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::process::sweep_files_test {
namespace {

using Words = std::vector<std::string>;

// The values of a column over the plan of a sweep, as JSON text; only the first slice is run.
Words planned(const std::string& sweep, const std::string& column, const Arguments& more = {}) {
  const Sandbox sandbox;
  Arguments arguments = {"sweep", "run", "-", "--out", "there", "--slice", "1/1000"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome outcome = sandbox.byzsim(arguments, sweep);
  if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
  Words values;
  for (const Json& point : plan_in(sandbox, "there"))
    values.push_back(column == "index" ? point["index"].dump() : point["axes"][column].dump());
  return values;
}

std::string range_over(const std::string& pointer, const std::string& range) {
  return tiny_sweep(R"({"axes": [{"name": "x", "pointer": ")" + pointer + R"(", "range": )" +
                    range + "}]}");
}

Outcome refused(const std::string& sweep, const Arguments& more = {}) {
  const Sandbox sandbox;
  Arguments arguments = {"sweep", "run", "-", "--out", "there"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome outcome = sandbox.byzsim(arguments, sweep);
  CHECK(outcome.exit_code == 2);
  CHECK_FALSE(sandbox.holds("there"));
  return outcome;
}

}  // namespace

TEST_CASE("a linear range has its ends and equal steps between them") {
  CHECK(planned(range_over("/optimizer/momentum", R"({"from": 0, "to": 0.9, "count": 4})"), "x") ==
        Words{"0", "0.3", "0.6", "0.9"});
  CHECK(planned(range_over("/optimizer/momentum", R"({"from": 0, "to": 0.5, "count": 4})"), "x") ==
        Words{"0", "0.166667", "0.333333", "0.5"});
  CHECK(planned(range_over("/steps", R"({"from": 2, "to": 10, "count": 3})"), "x") ==
        Words{"2", "6", "10"});
}

TEST_CASE("a logarithmic range has equal ratios to four digits, and units stay") {
  CHECK(planned(range_over("/network/delay/parameters/mean",
                           R"({"from": "1 ms", "to": "1 s", "count": 5, "scale": "logarithmic"})"),
                "x") ==
        Words{R"("1 ms")", R"("5.623 ms")", R"("31.62 ms")", R"("177.8 ms")", R"("1 s")"});
  CHECK(planned(range_over("/steps", R"({"from": 1, "to": 100, "count": 4,
                                         "scale": "logarithmic", "whole": true})"),
                "x") == Words{"1", "5", "22", "100"});
}

TEST_CASE("option --axis takes values, linear and logarithmic ranges") {
  const std::string delay = "/network/delay/parameters/mean";
  CHECK(planned(kTinyScenario, "/steps", {"--axis", "/steps=2,4", "--axis", delay + "=1ms,2ms"}) ==
        Words{"2", "2", "4", "4"});
  CHECK(planned(kTinyScenario, "/steps", {"--axis", "/steps=2..6:lin3"}) == Words{"2", "4", "6"});
  CHECK(planned(kTinyScenario, delay, {"--axis", delay + "=1ms..100ms:log3"}) ==
        Words{R"("1 ms")", R"("10 ms")", R"("100 ms")"});
  CHECK(planned(kTinyScenario, "/model/parameters/hidden",
                {"--set", "/model=mlp", "--axis", "/model/parameters/hidden=[3],[4,5]"}) ==
        Words{"[3]", "[4,5]"});
}

TEST_CASE("option --set changes the scenario of every point, and --repeat the seeds") {
  const Sandbox sandbox;
  sandbox.byzsim({"sweep", "run", "-", "--out", "there", "--set", "/steps=2", "--repeat", "3"},
                 kTinyScenario);
  const std::vector<Json> plan = plan_in(sandbox, "there");
  REQUIRE(plan.size() == 3);
  for (std::size_t i = 0; i < plan.size(); ++i) {
    CHECK(plan[i]["seed"] == 3 + i);
    const Json run =
        Json::parse(sandbox.read("there/runs/" + plan[i]["id"].get<std::string>() + "/run.json"));
    CHECK(run["steps"] == 2);
    CHECK(run["seed"] == 3 + i);
  }
}

TEST_CASE("zipped axes go together") {
  const std::string sweep = tiny_sweep(R"({"axes": [{"zip": [
    {"name": "n", "pointer": "/workers/count", "values": [7, 10, 10]},
    {"name": "f", "pointer": "/workers/byzantine/declared", "values": [2, 2, 3]}]}]})");
  CHECK(planned(sweep, "n") == Words{"7", "10", "10"});
  CHECK(planned(sweep, "f") == Words{"2", "2", "3"});
}

TEST_CASE("a variant may have a scenario of its own, under the seed and changes of the sweep") {
  const Sandbox sandbox;
  sandbox.write("tiny.json", kTinyScenario);
  sandbox.write("other/tiny2.json",
                tiny_with(R"({"seed": 77, "steps": 9, "workers": {"batch_size": 1}})"));
  sandbox.write("study.json", R"({"scenario": "tiny.json", "set": {"/steps": 4}, "axes": [
    {"name": "system", "variants": {
      "plain": {}, "other": {"scenario": "other/tiny2.json"}, "one": {"set": {"/steps": 1}}}}]})");
  CHECK(sandbox.byzsim({"sweep", "run", "study.json", "--out", "there"}).exit_code == 0);
  Words seen;
  for (const Json& point : plan_in(sandbox, "there")) {
    const Json run =
        Json::parse(sandbox.read("there/runs/" + point["id"].get<std::string>() + "/run.json"));
    seen.push_back(point["axes"]["system"].get<std::string>() + " " + run["seed"].dump() + " " +
                   run["steps"].dump());
  }
  CHECK(seen == Words{"plain 3 4", "other 3 4", "one 3 1"});
}

TEST_CASE("conditions keep points, whose index is that among all combinations") {
  const std::string axes = R"({"axes": [
    {"name": "n", "pointer": "/workers/count", "values": [7, 9, 10]},
    {"name": "f", "pointer": "/workers/byzantine/declared", "values": [2, 3]}], "where": [)";
  CHECK(planned(tiny_sweep(axes + R"({"axis": "n", "relation": ">=", "other": "f", "times": 3,
                                      "plus": 1}]})"),
                "index") == Words{"0", "2", "4", "5"});
  CHECK(planned(tiny_sweep(axes + R"({"axis": "f", "relation": "=", "value": 2}]})"), "index") ==
        Words{"0", "2", "4"});
}

TEST_CASE("conditions compare durations by their length and words by being equal") {
  CHECK(planned(tiny_sweep(R"({"axes": [{"name": "mean",
      "pointer": "/network/delay/parameters/mean", "values": ["900 us", "2 ms", "1 s"]}],
      "where": [{"axis": "mean", "relation": "<", "value": "10 ms"}]})"),
                "index") == Words{"0", "1"});
  CHECK(planned(tiny_sweep(R"({"axes": [{"name": "model", "pointer": "/model",
      "values": ["mlp", "softmax_regression"]}],
      "where": [{"axis": "model", "relation": "!=", "value": "mlp"}]})"),
                "index") == Words{"1"});
}

TEST_CASE("all mistakes of a sweep file are told at once, each with its place") {
  const Outcome outcome = refused(tiny_sweep(R"({
    "set": {"steps": 3}, "repat": 3,
    "axes": [{"pointer": "/workers/count", "values": [7, 8, 7]},
             {"pointer": "/x", "range": {"from": "1 ms", "to": 5, "count": 1}},
             {"zip": [{"pointer": "/a", "values": [1]}, {"pointer": "/b", "values": [1, 2]}]},
             {"name": "loss", "variants": {"a": {"st": 3}}}],
    "where": [{"axis": "x", "relation": "<", "value": 3}]})"));
  for (const char* mistake :
       {"/repat: unknown key; did you mean 'repeat'?", "/set/steps: 'steps' is not a JSON pointer",
        "/axes/0: duplicate value [7]", "/axes/1/range: \"1 ms\" and 5 must be of one kind",
        "/axes/1/range/count: must be an integer in [2, 10000], not 1",
        "/axes/2/zip/1: has 2 values, but the first has 1",
        "/axes/3/variants/a/st: unknown key; did you mean 'set'?",
        "/axes/3: \"loss\" is a column of the results",
        "/where/0/axis: unknown axis 'x'; did you mean '/x'?"})
    CHECK_THAT(outcome.err, contains(mistake));
}

TEST_CASE("a point that breaks a condition of the paper is named before anything runs") {
  const Outcome outcome = refused(tiny_sweep(R"({"axes": [
    {"name": "n", "pointer": "/workers/count", "values": [6, 7]}]})"));
  CHECK_THAT(outcome.err, contains("error: /workers/count (n=6): ByzSGD needs n >= 3f + 1"));
  CHECK_THAT(outcome.err, contains("exclude them by a condition in \"where\""));
}

TEST_CASE("mistakes in an axis of the command line name it") {
  CHECK_THAT(refused(kTinyScenario, {"--axis", "steps=1"}).err,
             StartsWith("error: --axis steps=1: must be /json/pointer=VALUES"));
  CHECK_THAT(refused(kTinyScenario, {"--axis", "/steps=1..4"}).err,
             StartsWith("error: --axis /steps=1..4: must be a range; write LOW..HIGH:lin5"));
  CHECK_THAT(refused(kTinyScenario, {"--axis", "/steps=0..4:log3"}).err,
             StartsWith("error: --axis /steps=0..4:log3: a logarithmic range must be above 0"));
  CHECK_THAT(refused(kTinyScenario, {"--axis", "/steps=1,1"}).err,
             StartsWith("error: --axis /steps=1,1: duplicate value [1]"));
}

TEST_CASE(
    "an axis over whole numbers has whole numbers, and any other where :whole asks for them") {
  CHECK(planned(kTinyScenario, "/steps", {"--axis", "/steps=10..100:log4"}) ==
        Words{"10", "22", "46", "100"});
  CHECK(planned(kTinyScenario, "/steps", {"--axis", "/steps=1..6:lin3"}) == Words{"1", "4", "6"});
  const std::string rate = "/optimizer/rate/parameters/initial";
  CHECK(planned(kTinyScenario, rate, {"--axis", rate + "=1..9:log4:whole"}) ==
        Words{"1", "2", "4", "9"});
  CHECK_THAT(refused(kTinyScenario, {"--axis", "/steps=1..4:log3:hole"}).err,
             StartsWith("error: --axis /steps=1..4:log3:hole: must be a range; write LOW..HIGH:lin5"
                        " or LOW..HIGH:log5, with :whole for whole numbers"));
}

TEST_CASE("an axis over seeds with repetitions of them is refused") {
  const char* sentence = "changes /seed, and so do the 2 repetitions; list all seeds on the axis";
  CHECK_THAT(refused(kTinyScenario, {"--axis", "/seed=1,2", "--repeat", "2"}).err,
             StartsWith("error: --axis /seed=1,2: ") && contains(sentence));
  CHECK_THAT(refused(tiny_sweep(R"({"repeat": 2, "axes": [{"zip": [
               {"pointer": "/steps", "values": [1, 2]},
               {"pointer": "/seed", "values": [1, 2]}]}]})"))
                 .err,
             contains(std::string("/axes/0: ") + sentence));
  CHECK_THAT(refused(tiny_sweep(R"({"repeat": 2, "axes": [{"variants": {
               "a": {}, "b": {"set": {"/seed": 4}}}}]})"))
                 .err,
             contains(std::string("/axes/0: ") + sentence));
}

TEST_CASE("values of an axis that mean the same are refused") {
  const std::string delay = "/network/delay/parameters/mean";
  for (const auto& [axis, sentence] : std::vector<std::pair<std::string, std::string>>{
           {"/seed=1,1.0", "duplicate value [1.0]"},
           {"/seed=26,0x1a", "duplicate value [\"0x1a\"], the same as [26]"},
           {delay + "=1s,1000ms", "duplicate value [\"1000ms\"], the same as [\"1s\"]"},
           {"/workers/aggregator=median,Median",
            "/workers/aggregator=Median makes the same runs as /workers/aggregator=median; leave"},
           {"/workers/aggregator=median,{\"name\":\"median\"}", "makes the same runs as"}})
    CHECK_THAT(refused(kTinyScenario, {"--axis", axis}).err, contains(sentence));
}

TEST_CASE("points that are the same run are told") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim({"sweep", "run", "-", "--out", "there"},
                                         tiny_sweep(R"({"axes": [{"name": "kind", "variants": {
                                           "a": {}, "b": {"set": {"/steps": 2}}, "c": {}}}]})"));
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.err,
             contains("note: point 2 (kind=c, seed 3) is the same run as point 0 (kind=a, seed 3); "
                      "3 points are 2 different runs, and the tables have a row for each point"));
}

TEST_CASE("two axes over one place are refused") {
  CHECK_THAT(refused(kTinyScenario, {"--axis", "/steps=1", "--axis", "/steps=2"}).err,
             contains("duplicate axis \"/steps\""));
}

TEST_CASE("slices are numbered from 1") {
  for (const char* slice : {"0/4", "5/4", "1/0"})
    CHECK_THAT(refused(kTinyScenario, {"--slice", slice}).err,
               contains("slices are numbered from 1"));
  CHECK_THAT(refused(kTinyScenario, {"--slice", "two"}).err, contains("must be I/N or auto"));
}

TEST_CASE("plan tells runs, axes, time, disk and directory, and runs nothing") {
  const Sandbox sandbox;
  const Outcome outcome =
      sandbox.byzsim({"sweep", "plan", "-", "--jobs", "2"}, tiny_sweep(kEightRuns));
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, StartsWith("study: 8 runs, 0 of them done\n"
                                     "  axis       z: 0.5, 1.5\n"
                                     "  axis       mean: 1 ms, 20 ms\n"
                                     "  seeds      2\n"
                                     "  time       about "));
  CHECK_THAT(outcome.out, contains("on 2 jobs (from the first steps of 4 of 8 runs)\n  disk "));
  CHECK_THAT(outcome.out, contains("\n  directory  results/study/sweep-"));
  CHECK_FALSE(sandbox.holds("results"));
}

TEST_CASE("every shipped sweep fits the schema and all its points can be run") {
  const Sandbox sandbox;
  const Json schema = Json::parse(sandbox.byzsim({"schema", "sweep"}).out);
  const char* shared = std::getenv("BYZSIM_SHARED");
  Environment environment;
  if (shared != nullptr) environment["BYZSIM_DATA"] = std::string(shared) + "/data";
  std::size_t sweeps = 0;
  for (const auto& entry :
       fs::directory_iterator(std::string(source_directory()) + "/scenarios/sweeps")) {
    const std::string name = entry.path().stem().string();
    CAPTURE(name);
    CHECK(schema_faults(schema, Json::parse(read_file(entry.path()))).empty());
    ++sweeps;
    const std::string error = sandbox.byzsim({"sweep", "status", name}, "", environment).err;
    if (shared == nullptr && error.find("BYZSIM_DATA") != std::string::npos) {
      WARN("skipped: BYZSIM_SHARED does not name the folder that holds data/");
      continue;
    }
    CHECK_THAT(error, contains("contains no sweep"));  // read and checked, but not begun
  }
  CHECK(sweeps >= 3);
}

TEST_CASE("the schema of sweeps refuses what the reader refuses") {
  const Json schema = Json::parse(Sandbox().byzsim({"schema", "sweep"}).out);
  const auto fits = [&](const std::string& sweep) {
    return schema_faults(schema, Json::parse(sweep)).empty();
  };
  CHECK(fits(kEightRuns) == false);  // no scenario
  CHECK(fits(tiny_sweep(kEightRuns)));
  CHECK(fits(tiny_sweep(R"({"axes": [{"zip": [{"pointer": "/a", "values": [1]},
      {"pointer": "/b", "range": {"from": 1, "to": 2}}]}, {"variants": {"x": {"set": {"/c": 1}}}}],
      "where": [{"axis": "/a", "relation": "<", "other": "/b", "times": 2}]})")));
  CHECK_FALSE(fits(tiny_sweep(R"({"repeat": 0})")));
  CHECK_FALSE(fits(tiny_sweep(R"({"axes": [{"pointer": "a", "values": [1]}]})")));
  CHECK_FALSE(fits(tiny_sweep(R"({"axes": [{"pointer": "/a"}]})")));
  CHECK_FALSE(fits(tiny_sweep(R"({"where": [{"axis": "/a", "relation": "<"}]})")));
  CHECK_FALSE(fits(tiny_sweep(R"({"scenario": {"steps": "many"}})")));
}

TEST_CASE("parameters without a strategy's name are those of the default") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim(
      {"run", "-", "--json", "--set", "/network/delay/parameters/mean=2 ms"}, kTinyScenario);
  REQUIRE(outcome.exit_code == 0);
  const Json delay = Json::parse(outcome.out)["scenario"]["network"]["delay"];
  CHECK(delay["name"] == "exponential");
  CHECK(delay["parameters"]["mean"] == "2 ms");
}

TEST_CASE("parameters within a bare name turn it into an object") {
  const Sandbox sandbox;
  const Outcome outcome =
      sandbox.byzsim({"run", "-", "--json", "--set", "/adversary/workers=gaussian", "--set",
                      "/adversary/workers/parameters/deviation=2"},
                     kTinyScenario);
  REQUIRE(outcome.exit_code == 0);
  const Json attack = Json::parse(outcome.out)["scenario"]["adversary"]["workers"];
  CHECK(attack["name"] == "gaussian");
  CHECK(attack["parameters"]["deviation"] == 2);
}

}  // namespace byzsim::process::sweep_files_test
