// `byzsim shrink`, as its users call it.
#include <signal.h>

#include <chrono>
#include <thread>

#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::shrink_command_test {
namespace {

// Two halves that a scheduler keeps apart drift away from each other for 400 steps.
const std::string kFinding = R"({"name": "finding", "steps": 400,
  "adversary": {"servers": "split", "scheduler": "keep_apart"}})";
const std::string kStalling = R"({"name": "stalling", "unsafe": true, "steps": 50,
  "workers": {"quorum": 7}, "adversary": {"workers": "silent"}})";

Outcome shrink(const Sandbox& sandbox, const std::string& keep, const Arguments& more = {}) {
  Arguments arguments = {"shrink", "finding.json", "--keep", keep};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return sandbox.byzsim(arguments);
}

// Waits until the program has printed that it took a first smaller scenario.
bool has_taken_one(const Sandbox& sandbox) {
  const fs::path out = sandbox.path().parent_path() / "stdout";
  for (int waits = 0; waits < 6000; ++waits) {
    if (fs::exists(out) && read_file(out).find(" runs\n") != std::string::npos) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace

TEST_CASE("a finding of 400 steps shrinks to a quarter of its steps or less and still holds",
          "[shrink]") {
  const Sandbox sandbox;
  sandbox.write("finding.json", tiny_with(kFinding));
  const Outcome outcome = shrink(sandbox, "drift:max >= 0.9*");
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  CHECK_THAT(outcome.out, StartsWith("finding keeps drift (largest) >= ") &&
                              contains("  steps 400 -> ") &&
                              contains("finding.shrunk.json: 400 ->"));
  const Json least = Json::parse(sandbox.read("finding.shrunk.json"));
  CHECK(least["steps"].get<int>() <= 100);
  CHECK(least["expect"].size() == 1);
  const Outcome run = sandbox.byzsim({"run", "finding.shrunk.json"});
  CHECK(run.exit_code == 0);
  CHECK_THAT(run.out, contains("expectation met: drift (largest) >= "));
}

TEST_CASE("threads change nothing of what shrinking comes to", "[shrink]") {
  const Sandbox sandbox;
  sandbox.write("finding.json", tiny_with(kFinding));
  const Arguments alone = {"--threads", "1", "--out", "1.json"};
  const Arguments together = {"--threads", "3", "--out", "3.json"};
  const Outcome one = shrink(sandbox, "drift >= 0.9*", alone);
  const Outcome three = shrink(sandbox, "drift >= 0.9*", together);
  CHECK(sandbox.read("1.json") == sandbox.read("3.json"));
  CHECK(one.out.substr(0, one.out.find("1.json")) == three.out.substr(0, three.out.find("3.json")));
}

TEST_CASE("a run that stalls is shrunk to one that still does", "[shrink]") {
  const Sandbox sandbox;
  sandbox.write("finding.json", tiny_with(kStalling));
  REQUIRE(shrink(sandbox, "status = stalled").exit_code == 0);
  const Json least = Json::parse(sandbox.read("finding.shrunk.json"));
  CHECK(least["steps"] == 1);
  CHECK(least["name"] == "stalling-shrunk");
  const Outcome run = sandbox.byzsim({"run", "finding.shrunk.json"});
  CHECK(run.exit_code == 0);
  CHECK_THAT(run.out, contains("stalled at step 0: a quorum never completed") &&
                          contains("expectation met: stalled (end) = 1: 1"));
}

TEST_CASE("what does not hold in the scenario itself cannot be kept", "[shrink]") {
  const Sandbox sandbox;
  sandbox.write("finding.json", tiny_with(kFinding));
  const Outcome outcome = shrink(sandbox, "drift > 1e9");
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err,
             contains("error: --keep: drift (end) > 1e+09 does not hold in finding itself"));
  CHECK_FALSE(sandbox.holds("finding.shrunk.json"));
}

TEST_CASE("shrinking overwrites no file, and knows before it begins where it can write",
          "[shrink]") {
  const Sandbox sandbox;
  sandbox.write("finding.json", tiny_with(kFinding));
  sandbox.write("finding.shrunk.json", "mine");
  const Outcome outcome = shrink(sandbox, "drift > 0");
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("finding.shrunk.json: exists"));
  CHECK(sandbox.read("finding.shrunk.json") == "mine");
  CHECK(shrink(sandbox, "drift > 0", {"--out", "no/folder.json"}).exit_code == 2);
  CHECK(shrink(sandbox, "drift > 0", {"--force"}).exit_code == 0);
}

TEST_CASE("an interrupted shrink writes the smallest scenario so far", "[shrink]") {
  // Steps are the first to go: 1, 2, 3, 4, 6, ..., 768 are too few, and 1024 are enough.
  const Sandbox sandbox;
  sandbox.write("finding.json", tiny_with(R"({"name": "finding", "steps": 1600})"));
  const pid_t pid =
      sandbox.start({byzsim_binary(), "shrink", "finding.json", "--keep", "steps >= 800"});
  const bool taken = has_taken_one(sandbox);
  kill(pid, SIGINT);
  const Outcome outcome = sandbox.finish(pid);
  REQUIRE(taken);
  CHECK(outcome.exit_code == 130);
  CHECK_THAT(outcome.out, contains("  steps 1600 -> 1024: steps 1024 after "));
  CHECK_THAT(outcome.err,
             contains("interrupted; the smallest scenario so far is in finding.shrunk.json"));
  const auto steps = Json::parse(sandbox.read("finding.shrunk.json"))["steps"].get<int>();
  CHECK(steps <= 1024);
  CHECK(steps >= 800);
  CHECK_THAT(sandbox.byzsim({"run", "finding.shrunk.json"}).out,
             contains("expectation met: steps (end) >= 800"));
}

}  // namespace byzsim::process::shrink_command_test
