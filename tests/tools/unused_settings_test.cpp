// A setting that changes nothing is said: before the run where the scenario alone shows it, after
// it otherwise, and in run.json either way. One that removes protection is refused.
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::unused_settings_test {
namespace {

// What is merged into the tiny scenario, which pointer has no effect then, and why.
struct Idle {
  std::string changes, pointer, why;
};

const std::vector<Idle> kForeseen = {
    {R"({"model": "linear_regression", "data": {"name": "linear", "parameters": null,
         "validation": 0.25}})",
     "/data/validation",
     "linear_regression predicts no class, so that validation_accuracy is undefined; the examples "
     "are held back from training anyway"},
    {R"({"workers": {"byzantine": {"actual": 0}}, "adversary": {"workers": "zero"}})",
     "/adversary/workers", "no worker is Byzantine"},
    {R"({"servers": {"byzantine": {"actual": 0}}, "adversary": {"servers": "zero"}})",
     "/adversary/servers", "no server is Byzantine"},
    {R"({"adversary": {"servers": "label_flipping"}})", "/adversary/servers",
     "label_flipping acts on data, and servers hold none: they send what honest ones would"},
    {R"({"adversary": {"servers": "pixel_trigger"}})", "/adversary/servers",
     "pixel_trigger acts on data, and servers hold none: they send what honest ones would"},
    {R"({"numbers": "none", "dimension": 3, "adversary": {"workers": "zero"}})",
     "/adversary/workers", "vectors of a run without numbers are blank"},
    {R"({"numbers": "none", "dimension": 3})", "/model", "a run without numbers trains nothing"},
    {R"({"numbers": "none", "dimension": 3})", "/data", "a run without numbers trains nothing"},
    {R"({"numbers": "none", "dimension": 3, "optimizer": {"momentum": 0.5}})", "/optimizer",
     "a run without numbers trains nothing"},
    {R"({"numbers": "none", "dimension": 3, "partition": "extreme_niid"})", "/partition",
     "a run without numbers trains nothing"},
    {R"({"numbers": "none", "dimension": 3})", "/workers/batch_size",
     "a run without numbers draws no examples, and they take no time"},
    {R"({"workers": {"byzantine": {"actual": 0}}, "servers": {"byzantine": {"actual": 0}},
         "adversary": {"rushing": 3}})",
     "/adversary/rushing", "no node is Byzantine"},
    {R"({"adversary": {"rushing": 6}})", "/adversary/rushing",
     "only 5 workers are honest, and the Byzantine ones wait for all of these"},
    {R"({"adversary": {"knowledge": "own_messages"}})", "/adversary/knowledge",
     "no attack here looks at the vectors of others"},
    {R"({"optimizer": {"momentum_at": "server"}})", "/optimizer/momentum_at",
     "there is no momentum"},
    {R"({"network": {"server_threads": 2}})", "/network/server_threads",
     "serialization takes no time (/network/serialization)"},
    {R"({"network": {"worker_threads": 2}})", "/network/worker_threads",
     "serialization takes no time (/network/serialization)"},
    {R"({"network": {"links": [{"from": "none"}]}})", "/network/links/0", "it names no nodes"},
    {R"({"network": {"faults": "crash"}})", "/network/faults/0", "it names no nodes"},
    {R"({"network": {"faults": "straggler"}})", "/network/faults/0", "it names no nodes"},
    {R"({"network": {"faults": "partition"}})", "/network/faults/0", "it names no nodes"},
    {R"({"network": {"faults": {"name": "straggler", "parameters": {"nodes": "all",
         "factor": 1}}}})",
     "/network/faults/0", "its factor is 1"},
    {R"({"network": {"faults": {"name": "duplication", "parameters": {"probability": 0}}}})",
     "/network/faults/0", "its probability is 0"},
    {R"({"network": {"faults": {"name": "loss", "parameters": {"packet": 10}}}})",
     "/network/faults/0/parameters/packet", "it counts only while \"retransmission\" is never"},
    {R"({"network": {"faults": {"name": "loss", "parameters": {"fill": "nan"}}}})",
     "/network/faults/0/parameters/fill", "it counts only while \"retransmission\" is never"},
    {R"({"adversary": {"workers": {"name": "optimal_a_little_is_enough",
         "parameters": {"ratio": 0.7}}}})",
     "/adversary/workers/parameters/ratio", "it counts only unless \"delta\" is scan"},
    {R"({"protocol": {"name": "byzsgd_sync", "parameters": {"filters": false,
         "outliers": "pulled"}}})",
     "/protocol/parameters/outliers", "it counts only while \"filters\" is true"},
    {R"({"protocol": {"name": "async_sgd", "parameters": {"alpha": 0.5}},
         "servers": {"count": 1, "byzantine": 0}})",
     "/protocol/parameters/alpha", "the damping is none"},
    {R"({"protocol": "fedavg", "servers": {"count": 1, "byzantine": 0},
         "workers": {"participation": 8}})",
     "/workers/participation", "there are 7 workers, and all take part in every round"},
    {R"({"protocol": "sgd", "servers": {"count": 1, "byzantine": 0},
         "workers": {"algorithm": "ef21", "batches": "passes"}})",
     "/workers/batches", "ef21 takes gradients of all examples"},
    {R"({"protocol": "sgd", "servers": {"count": 1, "byzantine": 0},
         "workers": {"compressor": "sign",
                     "algorithm": {"name": "marina", "parameters": {"p": 1}}}})",
     "/workers/compressor", "every message by marina is whole"},
    {R"({"protocol": "sgd", "servers": {"count": 1, "byzantine": 0},
         "workers": {"algorithm": {"name": "marina", "parameters": {"p": 1, "around": "own"}}}})",
     "/workers/algorithm/parameters/around", "every message by marina is whole"},
    {R"({"protocol": "sgd", "servers": {"count": 1, "byzantine": 0},
         "workers": {"algorithm": {"name": "rosdhb", "parameters": {"beta": 0}}}})",
     "/workers/algorithm", "beta is 0: nothing of the momentum before is kept"},
    {R"({"workers": {"compressor": {"name": "top_k", "parameters": {"k": 12}}}})",
     "/workers/compressor", "it keeps all of the 12 coordinates"},
    {R"({"numbers": "none", "dimension": 3, "workers": {"algorithm": {"name": "storm",
         "parameters": {"beta": 0.5}}}})",
     "/workers/algorithm/parameters/beta", "a run without numbers makes no vectors"},
    {R"({"adversary": {"workers": {"name": "pixel_trigger", "parameters": {"share": 0.1,
         "size": 2}}}, "data": {"name": "glyphs", "parameters": null}})",
     "/adversary/workers",
     "\"share\" of a batch of 4 is no example: they send what honest ones would"}};

const std::string kOneServer = R"("servers": {"count": 1, "byzantine": 0})";

const std::vector<Idle> kFoundOut = {
    {R"({"adversary": {"scheduler": "byzantine_first"}, "workers": {"byzantine": {"actual": 0}},
         "servers": {"byzantine": {"actual": 0}}})",
     "/adversary/scheduler", "it has changed no delay"},
    {R"({"network": {"links": [{"from": "workers", "to": "workers"}]}})", "/network/links/0",
     "no message took it"},
    {R"({"network": {"delay": {"name": "constant"}, "links": [{"delay": "constant"}]}})",
     "/network/delay", "every message took one of /network/links"},
    {R"({"network": {"faults": {"name": "crash", "parameters": {"nodes": "worker 0",
         "start": "1000 s"}}}})",
     "/network/faults/0", "it has changed nothing"},
    {R"({"network": {"faults": {"name": "partition", "parameters": {"nodes": "worker 0",
         "start": "1000 s"}}}})",
     "/network/faults/0", "it has changed nothing"},
    {"{\"protocol\": \"sgd\", " + kOneServer + R"(, "network": {"faults": {"name": "duplication",
         "parameters": {"probability": 1e-12}}}})",
     "/network/faults/0", "it has changed nothing"},
    {"{\"protocol\": \"async_sgd\", " + kOneServer + R"(, "workers": {"aggregator": "krum"}})",
     "/workers/aggregator", "no two gradients were aggregated"},
    {"{\"protocol\": \"kardam\", " + kOneServer + R"(, "workers": {"pre": "nnm"}})", "/workers/pre",
     "no two gradients were aggregated"},
    {"{\"protocol\": {\"name\": \"fedavg\", \"parameters\": {\"deadline\": \"1 ns\"}}, " +
         kOneServer + R"(, "workers": {"aggregator": "median"}})",
     "/workers/aggregator",
     "no two updates were aggregated; a longer /protocol/parameters/deadline waits for more"},
    {"{\"protocol\": \"sgd\", " + kOneServer + "}", "", ""}};

struct Told {
  Json unused;
  std::string notes;
};

Told told_of(const std::string& changes) {
  const Sandbox sandbox;
  sandbox.write("tiny.json", tiny_with(changes));
  const Outcome outcome = sandbox.byzsim({"run", "tiny.json", "--out", "here"});
  CAPTURE(changes, outcome.err);
  CHECK(outcome.exit_code == 0);
  return {Json::parse(sandbox.read("here/run.json"))["unused"], outcome.err};
}

bool lists(const Json& pointers, const std::string& pointer) {
  return std::find(pointers.begin(), pointers.end(), Json(pointer)) != pointers.end();
}

}  // namespace

TEST_CASE("without numbers it makes no difference what neighbours exchange") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim({"run", "gossip", "--set", "/steps=2", "--set",
                                          "/numbers=none", "--set", "/dimension=5", "--set",
                                          R"(/protocol/parameters={"exchange": "corrected"})"});
  CHECK_THAT(outcome.err, contains("/protocol/parameters/exchange has no effect: a run without "
                                   "numbers trains nothing"));
}

TEST_CASE("a setting that the scenario alone shows to change nothing is said before the run") {
  for (const Idle& idle : kForeseen) {
    const Told told = told_of(idle.changes);
    CAPTURE(idle.changes, told.unused.dump(), told.notes);
    CHECK(lists(told.unused, idle.pointer));
    CHECK_THAT(told.notes,
               contains("note: " + idle.pointer + " has no effect: " + idle.why + "\n"));
  }
}

TEST_CASE("a setting that the run never asked for is said after it") {
  for (const Idle& idle : kFoundOut) {
    const Told told = told_of(idle.changes);
    CAPTURE(idle.changes, told.unused.dump(), told.notes);
    if (idle.pointer.empty()) {
      CHECK(told.unused.empty());
      continue;
    }
    CHECK(lists(told.unused, idle.pointer));
    CHECK_THAT(told.notes,
               contains("note: " + idle.pointer + " has had no effect: " + idle.why + "\n"));
  }
}

TEST_CASE("a run whose settings all count says nothing") {
  for (const std::string changes :
       {"{}", R"({"adversary": {"workers": "a_little_is_enough", "knowledge": "own_messages"}})",
        R"({"adversary": {"knowledge": "blind"}})", R"({"adversary": {"rushing": 4}})",
        R"({"network": {"links": [{"from": "workers"}], "delay": "constant"}})",
        R"({"network": {"faults": {"name": "straggler", "parameters": {"nodes": "worker 0"}}}})",
        R"({"network": {"faults": {"name": "crash", "parameters": {"nodes": "worker 0"}}}})",
        R"({"network": {"faults": {"name": "loss", "parameters": {"probability": 0.5}}}})"}) {
    const Told told = told_of(changes);
    CAPTURE(changes, told.notes);
    CHECK(told.unused == Json::array());
    CHECK_THAT(told.notes, !contains("effect"));
  }
}

TEST_CASE("the summary of a finished run lists what had no effect") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim({"run", "-", "--out", "here"},
                                         tiny_with(R"({"network": {"faults": "crash"}})"));
  CHECK_THAT(outcome.out, contains("\n  no effect /network/faults/0\n"));
}

TEST_CASE("a sweep counts the runs in which a setting had no effect") {
  const Sandbox sandbox;
  sandbox.write("tiny.json", tiny_with(R"({"adversary": {"workers": "zero"}})"));
  const Outcome outcome = sandbox.byzsim(
      {"sweep", "run", "tiny.json", "--axis", "/workers/byzantine/actual=0,1,2", "--out", "sw"});
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.err, contains("note: /adversary/workers had no effect in 1 of 3 runs "
                                   "(\"unused\" in run.json)\n"));
}

TEST_CASE("a partition without an end never ends, and one that ends at its start is refused") {
  const Json cut = tiny_run({}, {}, tiny_with(R"({"network": {"faults": {"name": "partition",
      "parameters": {"nodes": "worker 0"}}}})"));
  CHECK(cut["faults"]["lost"].get<int>() > 0);
  const Outcome outcome =
      Sandbox().byzsim({"run", "-"}, tiny_with(R"({"network": {"faults": {"name": "partition",
                                        "parameters": {"nodes": "worker 0", "end": "0 s"}}}})"));
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err,
             contains("/network/faults/0/parameters: \"end\" must be after \"start\""));
}

TEST_CASE("Multi-Krum does not average Byzantine vectors by construction, unless unsafe") {
  const std::string of_m = R"("aggregator": {"name": "multi_krum", "parameters": {"m": M}})";
  const auto outcome_of = [&](const std::string& m, const std::string& more) {
    std::string workers = of_m;
    workers.replace(workers.find('M', workers.find("\"m\"") + 3), 1, m);
    return Sandbox().byzsim(
        {"run", "-"}, tiny_with("{" + more + "\"workers\": {\"byzantine\": 1, " + workers + "}}"));
  };
  CHECK(outcome_of("5", "").exit_code == 0);  // n - f of the 6 in a quorum
  const Outcome refused = outcome_of("6", "");
  CHECK(refused.exit_code == 2);
  CHECK_THAT(refused.err, contains("/workers/aggregator: multi_krum needs m <= n - f = 5: of m = 6 "
                                   "vectors, 1 are Byzantine in the worst case"));
  CHECK(outcome_of("6", "\"unsafe\": true, ").exit_code == 0);
  const Outcome impossible = outcome_of("7", "\"unsafe\": true, ");
  CHECK(impossible.exit_code == 2);
  CHECK_THAT(impossible.err, contains("multi_krum cannot average m = 7 of 6 vectors"));
}

TEST_CASE("a robust rule that is the plain mean by its parameters needs unsafe") {
  for (const std::string rule : {"geometric_median", "centered_clipping"}) {
    const auto outcome_of = [&](const std::string& more) {
      return Sandbox().byzsim({"run", "-"}, tiny_with("{" + more +
                                                      R"("workers": {"count": 12, "byzantine": 1,
            "aggregator": {"name": ")" + rule + R"(", "parameters": {"iterations": 0,
            "start": "mean"}}}})"));
    };
    CAPTURE(rule);
    CHECK_THAT(outcome_of("").err, contains("/workers/aggregator: " + rule +
                                            " without rounds (\"iterations\" is 0) is the plain "
                                            "mean it starts from"));
    CHECK(outcome_of("\"unsafe\": true, ").exit_code == 0);
  }
}

TEST_CASE("a trusted vector that is not there is refused") {
  const Outcome outcome = Sandbox().byzsim(
      {"run", "-"}, tiny_with(R"({"unsafe": true, "workers": {"aggregator": {"name": "monna",
                                  "parameters": {"pivot": 5}}}})"));
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err,
             contains("monna has no vector 5 (\"pivot\"): there are 5, counted from 0"));
}

TEST_CASE("a negative z is answered with the sign that it stands for") {
  const Outcome outcome = Sandbox().byzsim(
      {"run", "-"}, tiny_with(R"({"adversary": {"workers": {"name": "a_little_is_enough",
                                  "parameters": {"z": -1.5}}}})"));
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("not -1.5; \"sign\": -1 subtracts"));
}

}  // namespace byzsim::process::unused_settings_test
