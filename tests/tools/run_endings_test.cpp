// `byzsim run`: runs that do not end in a trained model.
#include <signal.h>

#include <chrono>
#include <thread>

#include "tests/places.h"
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

// Waits until a file holds so many bytes; false after far more time than that ever takes.
bool comes_to_hold(std::uintmax_t bytes, const fs::path& file) {
  for (int waits = 0; waits < 3000; ++waits) {
    std::error_code error;
    if (fs::exists(file, error) && fs::file_size(file, error) >= bytes) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

// Starts a run without end, interrupts it in its midst.
Outcome interrupt(const Sandbox& sandbox, int signal) {
  sandbox.write("endless.json", tiny_with(kEndless));
  const pid_t pid = sandbox.start(
      {byzsim_binary(), "run", "endless.json", "--out", "kept/run", "--trace", "events.json"});
  const bool running = comes_to_hold(kMidst, sandbox.path() / "events.json");
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

TEST_CASE("a stalled run is done and says so") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim({"run", "-", "--out", "here"}, tiny_with(kStalling));
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, contains("stalled at step 0: a quorum never completed"));
  const Json run = Json::parse(sandbox.read("here/run.json"));
  CHECK(run["status"] == "stalled");
  CHECK(run["steps"] == 0);
}

TEST_CASE("a run whose time is over is done and says so") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim({"run", "-", "--out", "here"}, tiny_with(kTooSlow));
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, contains("time limit reached at step 0"));
  const Json run = Json::parse(sandbox.read("here/run.json"));
  CHECK(run["status"] == "time_limit");
  CHECK(run["steps"] == 0);
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
    REQUIRE(sandbox.byzsim({"run", "-", "--out", "here"}, tiny_with(changes)).exit_code == 0);
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

TEST_CASE("an interrupted run leaves no result directory and no temporary one") {
  const Sandbox sandbox;
  REQUIRE(interrupt(sandbox, SIGINT).exit_code == 130);
  Arguments left;
  for (const auto& entry : fs::directory_iterator(sandbox.path() / "kept"))
    left.push_back(entry.path().filename().string());
  CHECK(left == Arguments{"run.interrupted"});
}

}  // namespace byzsim::process::run_endings_test
