// Plugins: strategies from shared libraries are listed, checked, run, swept and verified as those
// built in are.
#include "tests/tools/plugins.h"
#include "tests/tools/sweep_scenarios.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::process::plugin_test {
namespace {

const std::string kCounterparts = plugin("counterparts");

std::string output_of(const Arguments& arguments, const std::string& input = "",
                      int exit_code = 0) {
  const Outcome outcome = Sandbox().byzsim(arguments, input);
  CHECK(outcome.err.empty());
  CHECK(outcome.exit_code == exit_code);
  return outcome.out;
}

Json run_with_counterparts(const Arguments& sets) {
  Arguments more = {"--plugin", kCounterparts};
  for (const std::string& set : sets) more.insert(more.end(), {"--set", set});
  return tiny_run(more);
}

void check_same_run(const std::string& place, const std::string& ours, const std::string& theirs) {
  const Json built_in = run_with_counterparts({place + "=" + ours});
  const Json plugged = run_with_counterparts({place + "=" + theirs});
  CHECK(plugged["digest"] == built_in["digest"]);
  CHECK(plugged["final"] == built_in["final"]);
  CHECK(plugged["id"] != built_in["id"]);
}

// A sandbox with a run of a plugin's attack in "here", whose plugin is "attack.so".
void run_here(const Sandbox& sandbox) {
  fs::copy_file(kCounterparts, sandbox.path() / "attack.so");
  const Outcome outcome = sandbox.byzsim({"run", "-", "--plugin", "attack.so", "--out", "here"},
                                         tiny_with(kOtherReversed));
  REQUIRE(outcome.err == "");
  REQUIRE(outcome.exit_code == 0);
}

}  // namespace

TEST_CASE("a plugin's strategies are listed behind those built in") {
  CHECK_THAT(output_of({"list", "attacks", "--plugin", kCounterparts}),
             contains("  other_reversed                      as reversed\n"
                      "  other_gaussian                      as gaussian\n"));
  CHECK_THAT(output_of({"list", "--plugin", kCounterparts}), contains("\n  other_burst"));
  CHECK_THAT(output_of({"list", "rules", "--plugin", kCounterparts}),
             contains("\n  other_average              as average\n"));
  CHECK_THAT(output_of({"list"}), !contains("other_"));
}

TEST_CASE("a plugin's strategy is described with its parameters, its file and the file's digest") {
  const std::string digest =
      run_with_counterparts({"/adversary/workers=other_reversed"})["plugins"][0]["digest"];
  CHECK(output_of({"describe", "other_reversed", "--plugin", kCounterparts}) ==
        "other_reversed (attack)\n  as reversed\n  Plugin: " + kCounterparts + " (digest " +
            digest +
            ")\n  Sees: no other node's vector\nParameters:\n"
            "  factor           how much longer\n"
            "                   a number in [0, 1000000000000]; default 100\n"
            "  sign             of the factor\n"
            "                   one of \"minus\", \"plus\"; default minus\n");
  const std::string rule = output_of({"describe", "other_average", "--plugin", kCounterparts});
  CHECK_THAT(rule, contains("  Source: ours\n"));
  CHECK_THAT(rule, contains("  Condition: n >= 1\n  Cost: n d\n"));
}

TEST_CASE("a plugin's strategies stand in schemas and completions") {
  const Json schema = Json::parse(output_of({"schema", "scenario", "--plugin", kCounterparts}));
  const Json attacks = schema["properties"]["adversary"]["properties"]["workers"]["anyOf"];
  CHECK_THAT(attacks.dump(), contains(R"("const":"other_reversed")"));
  CHECK_THAT(output_of({"completions", "bash", "--plugin", kCounterparts}),
             contains(" other_burst"));
}

TEST_CASE("a plugin's parameters are checked as declared") {
  const auto error_with = [](const std::string& parameters) {
    const Outcome outcome = Sandbox().byzsim(
        {"run", "-", "--plugin", kCounterparts},
        tiny_with(R"({"adversary": {"workers": {"name": "other_reversed", "parameters": )" +
                  parameters + "}}}"));
    CHECK(outcome.exit_code == 2);
    return outcome.err;
  };
  const std::string place = "error: /adversary/workers/parameters/";
  CHECK(error_with(R"({"factor": -1})") ==
        place + "factor: must be a number in [0, 1000000000000], not -1\n");
  CHECK(error_with(R"({"sign": "minsu"})") ==
        place + "sign: must be one of: minus, plus; found \"minsu\"; did you mean 'minus'?\n");
  CHECK_THAT(error_with(R"({"faktor": 1})"),
             contains("faktor: unknown key; did you mean 'factor'?"));
}

TEST_CASE("a plugin's attack that does what a built-in one does gives the same run") {
  check_same_run("/adversary/workers", "reversed", "other_reversed");
  check_same_run("/adversary/servers", "reversed", "other_reversed");
}

TEST_CASE("a plugin draws what a built-in strategy in its place would draw") {
  check_same_run("/adversary/workers", "gaussian", "other_gaussian");
}

TEST_CASE("a plugin's scheduler that does what a built-in one does gives the same run") {
  check_same_run("/adversary/scheduler", "burst", "other_burst");
}

TEST_CASE("a plugin's rule that does what a built-in one does gives the same run") {
  check_same_run("/workers/aggregator", "average", "other_average");
  check_same_run("/servers/aggregator", "average", "other_average");
}

TEST_CASE("a run with a plugin is the same on any number of threads") {
  const Json one =
      tiny_run({"--plugin", kCounterparts, "--threads", "1"}, {}, tiny_with(kOtherReversed));
  const Json five =
      tiny_run({"--plugin", kCounterparts, "--threads", "5"}, {}, tiny_with(kOtherReversed));
  CHECK(one["digest"] == five["digest"]);
}

TEST_CASE("a plugin's attack may ask what its victims make of vectors") {
  const std::string answer = output_of(
      {"eval", "--plugin", kCounterparts},
      R"({"attack": "agreeing", "aggregate": "median", "f": 1, "vectors": [[1], [5], [7]]})");
  CHECK(answer == "{\"vector\":[5.0]}\n");
}

TEST_CASE("eval uses plugins in the precision they have") {
  const std::string input =
      R"({"attack": {"name": "other_reversed", "parameters": {"factor": 2}}, "f": 1, )"
      R"("vectors": [[0.1]]})"
      "\n"
      R"({"attack": {"name": "other_reversed", "parameters": {"factor": 2}}, "f": 1, )"
      R"("vectors": [[0.1]], "precision": "float64"})"
      "\n"
      R"({"attack": "other_gaussian", "f": 1, "vectors": [[1]], "precision": "float64"})"
      "\n"
      R"({"aggregate": "other_average", "f": 0, "vectors": [[1], [4]]})"
      "\n";
  CHECK(output_of({"eval", "--plugin", kCounterparts}, input, 2) ==
        "{\"vector\":[-0.20000000298023224]}\n{\"vector\":[-0.2]}\n{\"error\":\"plugin " +
            kCounterparts +
            ", attack other_gaussian, in craft_double: computes in float32 only, but float64 was "
            "requested; "
            "fix the plugin, or choose another attack\"}\n{\"vector\":[2.5]}\n");
}

TEST_CASE("run.json names the plugins that were used, with their digests") {
  const Json run = run_with_counterparts({"/adversary/workers=other_reversed"});
  REQUIRE(run["plugins"].size() == 1);
  CHECK(run["plugins"][0]["file"] == kCounterparts);
  CHECK(run["plugins"][0]["digest"].get<std::string>().size() == 16);
  CHECK(run["scenario"]["plugins"] == run["plugins"]);
}

TEST_CASE("a plugin that is not used changes nothing") {
  const Json run = run_with_counterparts({});
  CHECK(run["plugins"] == Json::array());
  CHECK(run["id"] == tiny_run()["id"]);
}

TEST_CASE("the id of a run follows from the plugin's bytes, not from where it lies") {
  const Sandbox sandbox;
  fs::copy_file(kCounterparts, sandbox.path() / "copy.so");
  const Outcome outcome =
      sandbox.byzsim({"run", "-", "--plugin", "copy.so", "--json"}, tiny_with(kOtherReversed));
  const Json there = tiny_run({"--plugin", kCounterparts}, {}, tiny_with(kOtherReversed));
  CHECK(Json::parse(outcome.out)["id"] == there["id"]);
}

TEST_CASE("a scenario lists its plugins, beside its file") {
  const Sandbox sandbox;
  fs::create_directory(sandbox.path() / "folder");
  fs::copy_file(kCounterparts, sandbox.path() / "folder/attack.so");
  Json scenario = Json::parse(tiny_with(kOtherReversed));
  for (const Json& plugins : {Json({"attack.so"}), Json({{{"file", "attack.so"}}})}) {
    scenario["plugins"] = plugins;
    sandbox.write("folder/mine.json", scenario.dump());
    const Outcome outcome = sandbox.byzsim({"run", "folder/mine.json", "--force"});
    CHECK(outcome.err == "");
    CHECK(outcome.exit_code == 0);
  }
}

TEST_CASE("a scenario's plugin with another digest than it lists is refused") {
  const Outcome outcome =
      Sandbox().byzsim({"run", "-"}, tiny_with(R"({"plugins": [{"file": ")" + kCounterparts +
                                               R"(", "digest": "0123456789abcdef"}]})"));
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, StartsWith("error: " + kCounterparts + ": has the digest "));
  CHECK_THAT(outcome.err, contains(" instead of 0123456789abcdef: it is another plugin; give the "
                                   "file that was used, with --plugin FILE\n"));
}

TEST_CASE("what is no list of plugins is refused at its place") {
  const auto error_of = [](const std::string& plugins) {
    const Outcome outcome =
        Sandbox().byzsim({"run", "-"}, tiny_with("{\"plugins\": " + plugins + "}"));
    CHECK(outcome.exit_code == 2);
    return outcome.err;
  };
  CHECK_THAT(error_of("5"), StartsWith("error: /plugins: must be a list, not 5"));
  CHECK_THAT(error_of("[5]"), StartsWith("error: /plugins/0: must be an object, not 5"));
  CHECK(error_of("[{}]") == "error: /plugins/0/file: must be the path of a plugin\n");
}

TEST_CASE("verify loads the plugin that the run names") {
  const Sandbox sandbox;
  run_here(sandbox);
  CHECK_THAT(sandbox.byzsim({"verify", "here"}).out, StartsWith("verified: digest "));
}

TEST_CASE("verify refuses another plugin in the place of the one that was used") {
  const Sandbox sandbox;
  run_here(sandbox);
  fs::copy_file(plugin("faulty"), sandbox.path() / "attack.so",
                fs::copy_options::overwrite_existing);
  const Outcome outcome = sandbox.byzsim({"verify", "here"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("/attack.so: has the digest "));
  CHECK_THAT(outcome.err, contains(": it is another plugin; "));
}

TEST_CASE("verify takes the plugin from elsewhere when its bytes are those that were used") {
  const Sandbox sandbox;
  run_here(sandbox);
  fs::remove(sandbox.path() / "attack.so");
  const Outcome gone = sandbox.byzsim({"verify", "here"});
  CHECK(gone.exit_code == 2);
  CHECK_THAT(gone.err, contains("/attack.so: no such file; "));
  CHECK(sandbox.byzsim({"verify", "here", "--plugin", kCounterparts}).exit_code == 0);
}

TEST_CASE("a sweep goes over a plugin's strategies and parameters, and goes on without --plugin") {
  const Sandbox sandbox;
  const Outcome begun =
      sandbox.byzsim({"sweep", "run", "-", "--out", "there", "--slice", "1/2", "--plugin",
                      kCounterparts, "--axis", "/adversary/workers/name=reversed,other_reversed",
                      "--axis", "/adversary/workers/parameters/factor=1..100:lin2"},
                     tiny_with("{}"));
  CHECK(begun.err == "");
  const Outcome ended = sandbox.byzsim({"sweep", "run", "there"});
  CHECK_THAT(ended.out, contains("4 runs done"));
  REQUIRE(sandbox.byzsim({"sweep", "merge", "there"}).exit_code == 0);
  const std::vector<std::string> digests = column_of(sandbox.read("there/summary.csv"), "digest");
  REQUIRE(digests.size() == 4);
  CHECK(digests[0] == digests[2]);
  CHECK(digests[1] == digests[3]);
  CHECK(digests[0] != digests[1]);
}

TEST_CASE("a sweep does not change plugins, and says how to name them") {
  const auto refusal_of = [](const Arguments& more, const std::string& text) {
    Arguments arguments = {"sweep", "plan", "-"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = Sandbox().byzsim(arguments, text);
    CHECK(outcome.exit_code == 2);
    return outcome.err;
  };
  const std::string refusal =
      ": all runs of a sweep must have the same plugins; list them under \"plugins\" in the "
      "scenario, "
      "or give them with --plugin FILE\n";
  const std::string change = "/plugins=[\"" + kCounterparts + "\"]";
  CHECK(refusal_of({"--set", change, "--repeat", "2"}, tiny_with(kOtherReversed)) ==
        "error: /set/~1plugins" + refusal);
  CHECK(refusal_of({"--axis", "/plugins/0=a.so,b.so"}, kTinyScenario) ==
        "error: --axis /plugins/0=a.so,b.so" + refusal);
  const Json sweep = {
      {"scenario", Json::parse(kTinyScenario)},
      {"axes", {{{"variants", {{"ours", {{"set", {{"/plugins", Json::array()}}}}}}}}}}};
  CHECK(refusal_of({}, sweep.dump()) == "error: /axes/0/variants/ours/set/~1plugins" + refusal);
}

TEST_CASE("a sweep takes the plugins that its scenario lists") {
  const Sandbox sandbox;
  Json scenario = Json::parse(tiny_with(kOtherReversed));
  scenario["plugins"] = {kCounterparts};
  const Json sweep = {{"name", "plugged"}, {"scenario", scenario}, {"repeat", 2}};
  const Outcome outcome = sandbox.byzsim({"sweep", "run", "-", "--out", "there"}, sweep.dump());
  CHECK(outcome.err == "");
  CHECK_THAT(outcome.out, contains("2 runs done"));
}

TEST_CASE("a search takes the plugins that --set lists") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim(
      {"search", "-", "--set", "/plugins=[\"" + kCounterparts + "\"]", "--set",
       "/adversary/workers=other_reversed", "--evaluations", "2", "--quiet", "--out", "found"},
      kTinyScenario);
  CHECK_THAT(outcome.err, !contains("plugin"));  // only that there may be no picture
  CHECK(outcome.exit_code == 0);
  CHECK(sandbox.byzsim({"run", "found/worst.json", "--quiet"}).exit_code == 0);
}

TEST_CASE("a search over a plugin's parameters finds what it finds over a built-in attack's") {
  const auto worst_of = [](const std::string& attack) {
    const Sandbox sandbox;
    const Outcome outcome = sandbox.byzsim(
        {"search", "-", "--plugin", kCounterparts, "--set", "/adversary/workers=" + attack,
         "--over", "/adversary/workers/parameters/factor=1..100", "--evaluations", "4", "--quiet",
         "--out", "found"},
        kTinyScenario);
    CHECK(outcome.exit_code == 0);
    // What it hands back needs no --plugin.
    CHECK(sandbox.byzsim({"run", "found/worst.json", "--quiet"}).exit_code == 0);
    return Json::parse(sandbox.read("found/search.json"))["worst"]["digest"];
  };
  CHECK(worst_of("other_reversed") == worst_of("reversed"));
}

}  // namespace byzsim::process::plugin_test
