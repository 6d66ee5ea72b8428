// `byzsim run`: runs that do not end in a trained model.
#include <signal.h>

#include <chrono>
#include <thread>

#include "tests/places.h"
#include "tests/tools/sweep_scenarios.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::run_endings_test {
namespace {

const std::string kDiverging =
    R"({"model": "mlp", "optimizer": {"rate": {"parameters": {"initial": 1e30}}}})";
// Two silent workers in seven, and a quorum that waits for all seven.
const std::string kStalling =
    R"({"unsafe": true, "workers": {"quorum": 7}, "adversary": {"workers": "silent"}})";
// No gradient is computed within a millisecond.
const std::string kTooSlow = R"({"time_limit": "1 ms", "compute": {
  "gradient": {"name": "constant", "parameters": {"value": "2 ms"}}}})";
const std::string kEndless = R"({"name": "endless", "steps": 1000000000})";

// More than the names of a trace's rows: some hundred events.
constexpr std::uintmax_t kMidst = 100'000;

// Waits until a file whose name begins so, by which it appears in the end, holds so many bytes;
// false after far more time than that ever takes.
bool comes_to_hold(std::uintmax_t bytes, const fs::path& folder, const std::string& name) {
  for (int waits = 0; waits < 3000; ++waits) {
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error))
      if (entry.path().filename().string().starts_with(name) && entry.is_regular_file(error) &&
          entry.file_size(error) >= bytes)
        return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

// Starts a run without end, interrupts it in its midst.
Outcome interrupt(const Sandbox& sandbox, int signal) {
  sandbox.write("endless.json", tiny_with(kEndless));
  const pid_t pid = sandbox.start(
      {byzsim_binary(), "run", "endless.json", "--out", "kept/run", "--trace", "events.json"});
  const bool running = comes_to_hold(kMidst, sandbox.path(), "events.json");
  kill(pid, signal);
  const Outcome outcome = sandbox.finish(pid);
  REQUIRE(running);
  return outcome;
}

}  // namespace

TEST_CASE("a diverged run is done and says so") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim({"run", "-", "--out", "here"}, tiny_with(kDiverging));
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, contains("diverged: the loss is not finite from step") &&
                              contains("accuracy  undefined"));
  const Json run = Json::parse(sandbox.read("here/run.json"));
  CHECK(run["status"] == "diverged");
  for (const char* number : {"accuracy", "accuracy_worst", "loss"})
    CHECK(run["final"][number].is_null());
}

TEST_CASE("undefined values are empty fields of metrics.csv, never nan or inf") {
  const Sandbox sandbox;
  REQUIRE(sandbox.byzsim({"run", "-", "--out", "here"}, tiny_with(kDiverging)).exit_code == 0);
  const std::string csv = sandbox.read("here/metrics.csv");
  CHECK(csv.find("nan") == std::string::npos);
  CHECK(csv.find("inf") == std::string::npos);
  const std::string last = csv.substr(csv.rfind("\n6,") + 1);
  CHECK_THAT(last, contains(",,,,"));
}

TEST_CASE("a run that ends early exits with 6 and reports why, found or new") {
  struct Ending {
    std::string changes, status, sentence;
  };
  for (const auto& [changes, status, sentence] :
       {Ending{kStalling, "stalled", "stalled at step 0: a quorum never completed"},
        Ending{kTooSlow, "out_of_time", "time limit reached at step 0"}}) {
    CAPTURE(status);
    const Sandbox sandbox;
    const Arguments run = {"run", "-", "--out", "here"};
    const Outcome first = sandbox.byzsim(run, tiny_with(changes));
    CHECK(first.exit_code == 6);
    CHECK_THAT(first.out, contains(sentence));
    const Json result = Json::parse(sandbox.read("here/run.json"));
    CHECK(result["status"] == status);
    CHECK(result["steps"] == 0);
    const Outcome found = sandbox.byzsim(run, tiny_with(changes));
    CHECK(found.exit_code == 6);
    CHECK_THAT(found.err, contains("this run exists"));
  }
}

TEST_CASE("a stalled run names the workers whose answers are missing, and the quorum") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim({"run", "-", "--out", "here"}, tiny_with(kStalling));
  // The last two of seven are silent.
  CHECK_THAT(outcome.out, contains("\n  waits     server 0 has 5 of 7 answers of step 0; none of "
                                   "worker 5, worker 6; a smaller /workers/quorum goes on without "
                                   "them\n"));
  CHECK(Json::parse(sandbox.read("here/run.json"))["stall"]["missing"] == 2);
}

TEST_CASE("a stalled run of fedavg names the deadline that would let it go on") {
  const std::string federated = R"({"protocol": "fedavg", "servers": {"count": 1, "byzantine": 0},
                                    "adversary": {"workers": "silent"})";
  const Outcome stalled = Sandbox().byzsim({"run", "-"}, tiny_with(federated + "}"));
  CHECK(stalled.exit_code == 6);
  CHECK_THAT(stalled.out, contains("none of worker 5, worker 6; set "
                                   "/protocol/parameters/deadline to go on without them\n"));
  const Outcome timed =
      Sandbox().byzsim({"run", "-", "--set", R"(/protocol/parameters={"deadline": "1 s"})"},
                       tiny_with(federated + "}"));
  CHECK(timed.exit_code == 0);
}

TEST_CASE("a run at its time limit states the simulated time of its end") {
  Json json = Json::parse(tiny_with(kTooSlow));
  json["time_limit"] = "3 ms";
  const Json run = tiny_run({}, {}, json.dump());
  // The recorded step 0 is of time 0; a gradient takes 2 ms after a message has come.
  CHECK(run["simulated_seconds"].get<double>() > 0.002);
  CHECK(run["simulated_seconds"].get<double>() <= 0.003);
}

TEST_CASE("a run that was expected to end early is done when it does") {
  for (const auto& [changes, metric] : {std::pair{kStalling, "stalled"}, {kTooSlow, "timed_out"}}) {
    Json json = Json::parse(tiny_with(changes));
    const auto code = [&](const char* about, const char* relation, int value) {
      json["expect"] = {{{"metric", about}, {"relation", relation}, {"value", value}}};
      return Sandbox().byzsim({"run", "-"}, json.dump()).exit_code;
    };
    CHECK(code(metric, "=", 1) == 0);
    CHECK(code(metric, "=", 0) == 5);
    CHECK(code("steps", "<", 6) == 0);
    CHECK(code("steps", "<=", 6) == 6);  // a run to its end would show it, too
    CHECK(code("diverged", "=", 0) == 6);
  }
}

TEST_CASE("a sweep names the runs that ended early and exits with 6") {
  const Sandbox sandbox;
  Json sweep = {{"name", "study"}, {"scenario", Json::parse(tiny_with(kStalling))}};
  sweep["axes"] = {{{"name", "attack"},
                    {"pointer", "/adversary/workers"},
                    {"values", {"silent", "sign_flipping"}}}};
  for (int i = 0; i < 2; ++i) {  // found and not run again the second time
    const Outcome outcome = sandbox.byzsim({"sweep", "run", "-", "--out", "there"}, sweep.dump());
    CHECK(outcome.exit_code == 6);
    CHECK_THAT(outcome.out, contains("2 runs done"));
    CHECK(outcome.err == "stalled at step 0: a quorum never completed: attack=silent, seed 3\n");
  }
  CHECK(sandbox.byzsim({"sweep", "merge", "there"}).exit_code == 0);
  CHECK(column_of(sandbox.read("there/summary.csv"), "status") ==
        std::vector<std::string>{"stalled", "trained"});
}

TEST_CASE("a sweep names the expectations that failed and exits with 5, whatever ended early") {
  const Sandbox sandbox;
  Json sweep = {{"name", "study"}, {"scenario", Json::parse(tiny_with(kStalling))}};
  sweep["scenario"]["expect"] = {{{"metric", "steps"}, {"relation", ">="}, {"value", 1}}};
  sweep["axes"] = {{{"name", "attack"},
                    {"pointer", "/adversary/workers"},
                    {"values", {"silent", "sign_flipping"}}}};
  const Outcome outcome = sandbox.byzsim({"sweep", "run", "-", "--out", "there"}, sweep.dump());
  CHECK(outcome.exit_code == 5);
  CHECK(outcome.err ==
        "expectation failed: steps (end) >= 1: 0: attack=silent, seed 3\n"
        "stalled at step 0: a quorum never completed: attack=silent, seed 3\n");
}

TEST_CASE("a summary says what happened to crashed, cut-off and slow nodes") {
  const Sandbox sandbox;
  const Outcome outcome =
      sandbox.byzsim({"run", "-", "--out", "here"}, tiny_with(R"({"network": {"faults": [
        {"name": "crash", "parameters": {"nodes": "worker 0", "start": "3 ms"}},
        {"name": "crash", "parameters": {"nodes": "worker 1", "start": "3 ms", "end": "4 ms"}},
        {"name": "partition", "parameters": {"nodes": "server 0", "start": "1 ms", "end": "2 ms"}},
        {"name": "straggler", "parameters": {"nodes": "worker 2", "factor": 100}},
        {"name": "crash", "parameters": {"nodes": "worker 3", "start": "1 h"}}]}})"));
  INFO(outcome.out);
  CHECK_THAT(outcome.out, contains("  nodes     worker 0 crashed at 3 ms after step "));
  CHECK_THAT(outcome.out,
             contains("\n            worker 1 was down from 3 ms to 4 ms and finished "));
  CHECK_THAT(outcome.out,
             contains("server 0 was cut off from 1 ms to 2 ms and finished 6 of 6 steps"));
  CHECK_THAT(outcome.out, contains("worker 2 took 100 times as long to compute and finished "));
  CHECK(outcome.out.find("worker 3") == std::string::npos);  // the run ended before
}

TEST_CASE("a time limit that is not reached changes no digest") {
  const Json run = tiny_run({"--set", "/time_limit=1 h"});
  CHECK(run["status"] == "trained");
  CHECK(run["digest"] == tiny_run()["digest"]);
}

TEST_CASE("a stalled run with a time limit is still stalled") {
  const Json run = tiny_run({"--set", "/time_limit=1 h"}, {}, tiny_with(kStalling));
  CHECK(run["status"] == "stalled");
}

TEST_CASE("runs that end otherwise than trained verify like any other") {
  for (const std::string& changes : {kDiverging, kStalling, kTooSlow}) {
    const Sandbox sandbox;
    sandbox.byzsim({"run", "-", "--out", "here"}, tiny_with(changes));
    REQUIRE(sandbox.holds("here"));
    CHECK(sandbox.byzsim({"verify", "here"}).exit_code == 0);
  }
}

TEST_CASE("an interrupted run exits with 130 and says where the rows so far are") {
  for (const int signal : {SIGINT, SIGTERM}) {
    const Sandbox sandbox;
    const Outcome outcome = interrupt(sandbox, signal);
    CHECK(outcome.exit_code == 130);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err,
               contains("interrupted at step ") && contains("of 1000000000; the rows so far are in "
                                                            "kept/run.interrupted"));
    const Json run = Json::parse(sandbox.read("kept/run.interrupted/run.json"));
    CHECK(run["status"] == "interrupted");
    CHECK_THAT(sandbox.read("kept/run.interrupted/metrics.csv"),
               StartsWith("step,simulated_seconds,"));
  }
}

TEST_CASE("the trace of an interrupted run is whole") {
  const Sandbox sandbox;
  REQUIRE(interrupt(sandbox, SIGINT).exit_code == 130);
  CHECK(Json::parse(sandbox.read("events.json"))["traceEvents"].size() > 100);
}

TEST_CASE("an interrupted run leaves its rows and a snapshot, and nothing temporary") {
  const Sandbox sandbox;
  REQUIRE(interrupt(sandbox, SIGINT).exit_code == 130);
  Arguments left;
  for (const auto& entry : fs::directory_iterator(sandbox.path() / "kept"))
    left.push_back(entry.path().filename().string());
  std::sort(left.begin(), left.end());
  CHECK(left == Arguments{"run.interrupted", "run.partial"});
}

TEST_CASE("a stalled run names the fault that crashed all workers, and no smaller quorum") {
  const Outcome outcome = Sandbox().byzsim({"run", "-"}, tiny_with(R"({"protocol": "sgd",
          "servers": {"count": 1, "byzantine": 0}, "workers": {"byzantine": 0},
          "network": {"faults": {"name": "crash",
          "parameters": {"nodes": "workers"}}}})"));
  CHECK(outcome.exit_code == 6);
  CHECK_THAT(outcome.out, contains("server 0 has 0 of "));
  CHECK_THAT(outcome.out, contains("which /network/faults/0 crashed; no quorum completes without a "
                                   "worker: crash fewer, or set \"end\"\n"));
}

}  // namespace byzsim::process::run_endings_test
