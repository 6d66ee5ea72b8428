// Plugins' memory that byzsim keeps: of attacks and schedulers between calls, of rules for each
// sender. Runs with it are the same on any number of threads, in a process of the plugin's own, in
// forks and in many runs of one process.
#include <set>
#include <string>

#include "tests/tools/plugins.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::process::plugin_memory_test {
namespace {

const std::string kRemembering = plugin("remembering");
const Arguments kAllRemember = {"--plugin", kRemembering,
                                "--set",    "/adversary/workers=remembering",
                                "--set",    "/adversary/servers=remembering",
                                "--set",    "/adversary/scheduler=in_turn",
                                "--set",    "/workers/aggregator=average_of_momenta",
                                "--set",    "/servers/aggregator=average_of_momenta"};

Arguments all_remember(const Arguments& more) {
  Arguments arguments = kAllRemember;
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

std::string refusal_of(const Arguments& sets, const Arguments& more = {}) {
  Arguments arguments = {"run", "-", "--plugin", kRemembering};
  for (const std::string& set : sets) arguments.insert(arguments.end(), {"--set", set});
  arguments.insert(arguments.end(), more.begin(), more.end());
  const Outcome outcome = Sandbox().byzsim(arguments, kTinyScenario);
  CHECK(outcome.exit_code == 2);
  return outcome.err;
}

}  // namespace

TEST_CASE("runs of plugins with memory are the same on any number of threads, isolated or not") {
  for (const char* protocol : {"byzsgd", "byzsgd_sync", "learn", "guanyu"}) {
    INFO(protocol);
    Arguments setting = {"--set", std::string("/protocol=") + protocol, "--set", "/unsafe=true"};
    if (std::string(protocol) == "learn")
      setting.insert(setting.end(),
                     {"--set", "/workers/count=5", "--set", "/workers/byzantine/actual=1", "--set",
                      "/workers/byzantine/declared=1"});
    std::set<std::string> digests;
    for (const Arguments& more : {Arguments{"--threads", "1"}, Arguments{"--threads", "3"},
                                  Arguments{"--threads", "1", "--isolate-plugins"},
                                  Arguments{"--threads", "3", "--isolate-plugins"}}) {
      Arguments arguments = all_remember(setting);
      arguments.insert(arguments.end(), more.begin(), more.end());
      digests.insert(tiny_run(arguments)["digest"].dump());
    }
    CHECK(digests.size() == 1);
  }
}

TEST_CASE("a plugin's memory counts: each of its strategies does something else with it") {
  const Json plain = tiny_run()["digest"]["run"];
  for (const char* set : {"/adversary/workers=remembering", "/adversary/servers=remembering",
                          "/adversary/scheduler=in_turn", "/workers/aggregator=average_of_momenta",
                          "/servers/aggregator=average_of_momenta"})
    CHECK(tiny_run({"--plugin", kRemembering, "--set", set})["digest"]["run"] != plain);
}

TEST_CASE("a rule that keeps a momentum of each sender does what workers with momentum do") {
  const auto models_of = [](const std::string& rule, const std::string& momentum) {
    return tiny_run({"--plugin", kRemembering, "--set", "/protocol=sgd", "--set",
                     "/servers/count=1", "--set", "/servers/byzantine=0", "--set",
                     "/workers/byzantine/declared=0", "--set", "/workers/byzantine/actual=0",
                     "--set", "/optimizer/momentum=" + momentum, "--set",
                     "/workers/aggregator=" + rule})["digest"]["models"];
  };
  CHECK(models_of("average_of_momenta", "0") == models_of("average", "0.9"));
  CHECK(models_of("average_of_momenta", "0") != models_of("average", "0"));
}

TEST_CASE("what a search with forks of a plugin's memory finds runs again to the same digest") {
  for (const Arguments& how :
       {Arguments{"--over", "/network/delay", "--evaluations", "5"},
        Arguments{"--strategy", R"({"name": "look_ahead", "parameters": {"halves": 1}})",
                  "--evaluations", "30"}}) {
    INFO(how[1]);
    const Sandbox sandbox;
    Arguments arguments = {"search", "-", "--quiet", "--out", "found"};
    arguments.insert(arguments.end(), how.begin(), how.end());
    arguments.insert(arguments.end(), kAllRemember.begin(), kAllRemember.end());
    const Outcome outcome = sandbox.byzsim(arguments, kTinyScenario);
    REQUIRE(outcome.exit_code == 0);
    const Json worst = Json::parse(sandbox.read("found/search.json"))["worst"]["digest"];
    const Outcome run = sandbox.byzsim({"run", "found/worst.json", "--json"});
    CHECK(Json::parse(run.out)["digest"]["run"] == worst);
  }
}

TEST_CASE("runs with a plugin's memory are verified, bisected and shrunk") {
  const Sandbox sandbox;
  const auto run_in = [&](const std::string& directory, const Arguments& more) {
    Arguments arguments = {"run", "-", "--out", directory};
    arguments.insert(arguments.end(), kAllRemember.begin(), kAllRemember.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    REQUIRE(sandbox.byzsim(arguments, kTinyScenario).exit_code == 0);
  };
  run_in("a", {});
  run_in("b", {"--threads", "3"});
  run_in("c", {"--set", "/seed=4"});
  CHECK_THAT(sandbox.byzsim({"verify", "a"}).out, StartsWith("verified: digest "));
  CHECK(sandbox.byzsim({"bisect", "a", "b"}).exit_code == 0);
  CHECK_THAT(sandbox.byzsim({"bisect", "a", "c"}).err, !contains("keeps state"));
  sandbox.write("finding.json", kTinyScenario);
  Arguments shrink = {"shrink", "finding.json", "--keep", "drift:max >= 0.5*"};
  shrink.insert(shrink.end(), kAllRemember.begin(), kAllRemember.end());
  const Outcome shrunk = sandbox.byzsim(shrink);
  CHECK(shrunk.err == "");
  CHECK(shrunk.exit_code == 0);
  CHECK(sandbox.byzsim({"run", "finding.shrunk.json", "--quiet"}).exit_code == 0);
}

TEST_CASE("a record by value of a run with a plugin's memory replays without the plugin") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim(
      {"run", "-", "--json", "--record", "record.json", "--plugin", kRemembering, "--set",
       "/adversary/workers=remembering", "--set", "/adversary/scheduler=in_turn"},
      kTinyScenario);
  REQUIRE(outcome.exit_code == 0);
  const Json replayed = Json::parse(sandbox.byzsim({"run", "record.json", "--json"}).out);
  CHECK(replayed["digest"]["run"] == Json::parse(outcome.out)["digest"]["run"]);
}

TEST_CASE("each line of eval begins with empty memory") {
  const std::string attack =
      R"({"attack": "remembering", "f": 1, "own": [2], "vectors": [[1], [3]]})";
  const std::string in_double =
      R"({"attack": "remembering", "f": 1, "own": [2], "vectors": [[1]], "precision": "float64"})";
  const std::string rule =
      R"({"aggregate": "average_of_momenta", "f": 0, "vectors": [[10]], "precision": "float64"})";
  const std::string out =
      Sandbox()
          .byzsim({"eval", "--plugin", kRemembering},
                  attack + "\n" + attack + "\n" + in_double + "\n" + rule + "\n" + rule + "\n")
          .out;
  const std::string mean = "{\"vector\":[0.9999999999999998]}\n";
  CHECK(out == "{\"vector\":[-2.0]}\n{\"vector\":[-2.0]}\n{\"vector\":[-2.0]}\n" + mean + mean);
}

TEST_CASE("a plugin that writes next to its memory ends the run with its name") {
  for (const Arguments& more : {Arguments{}, Arguments{"--isolate-plugins"}}) {
    CHECK_THAT(refusal_of({"/adversary/workers=overflowing"}, more),
               contains("attack overflowing, in craft: wrote more than the 8 values of its memory; "
                        "fix the plugin"));
    CHECK_THAT(refusal_of({"/workers/aggregator=overflowing_rule"}, more),
               contains("rule overflowing_rule, in aggregate: wrote more than the ") &&
                   contains(" values of its memory; fix the plugin"));
  }
}

TEST_CASE("a rule that keeps vectors of each sender is refused where vectors have several") {
  CHECK_THAT(
      refusal_of({"/workers/aggregator=average_of_momenta", R"(/workers/pre=["bucketing"])"}),
      contains("error: /workers/pre: average_of_momenta remembers what each sender sent, which "
               "bucketing mixes; leave it out, or choose another rule"));
  CHECK_THAT(refusal_of({"/workers/aggregator=average_of_momenta", "/protocol=basgd",
                         "/servers/count=1", "/servers/byzantine=0"}),
             contains("average_of_momenta remembers what each sender sent, and basgd aggregates "
                      "vectors that are of several; choose another protocol or rule"));
}

}  // namespace byzsim::process::plugin_memory_test
