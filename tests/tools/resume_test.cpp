// A run that something ends goes on from its snapshot, and its files are those of a run that
// nothing has ended.
#include <signal.h>

#include <chrono>
#include <thread>

#include "core/input/json.h"
#include "tests/catch.h"
#include "tests/tools/process.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::resume_test {
namespace {

const std::string kLong = tiny_with(R"({"steps": 400})");

Arguments run_of(const Arguments& more = {}) {
  Arguments arguments = {"run", "long.json", "--out", "here"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

// Everything of run.json but how this machine went about it.
Json stable(const std::string& run_json) {
  Json run = Json::parse(run_json);
  run.erase("machine");
  return run;
}

std::vector<std::string> snapshots_in(const Sandbox& sandbox) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(sandbox.path() / "here.partial", error))
    if (entry.path().extension() == ".byz") names.push_back(entry.path().string());
  return names;
}

// Starts a run and ends it by a signal once it has kept a snapshot.
Outcome ended_by(const Sandbox& sandbox, int signal, Arguments arguments) {
  arguments.insert(arguments.begin(), byzsim_binary());
  const pid_t pid = sandbox.start(arguments);
  for (int waits = 0; waits < 6000 && snapshots_in(sandbox).empty(); ++waits)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  kill(pid, signal);
  const Outcome outcome = sandbox.finish(pid);
  REQUIRE(!snapshots_in(sandbox).empty());
  return outcome;
}

// A sandbox with the scenario, and the files of a run that nothing has ended.
struct Whole {
  Whole() {
    sandbox.write("long.json", kLong);
    REQUIRE(sandbox
                .byzsim(run_of({"--trace", "events.json", "--record", "record.json",
                                "--snapshot-every", "never"}))
                .exit_code == 0);
  }
  void check_equal(const Sandbox& other) const {
    CHECK(stable(other.read("here/run.json")) == stable(sandbox.read("here/run.json")));
    for (const char* file : {"here/metrics.csv", "here/gathers.csv", "here/digests.csv"})
      CHECK(other.read(file) == sandbox.read(file));
    CHECK(!other.holds("here.partial"));
  }
  Sandbox sandbox;
};

}  // namespace

TEST_CASE("a run that was interrupted or killed goes on by the same command, to the same files") {
  const Whole whole;
  for (const int signal : {SIGINT, SIGKILL}) {
    const Sandbox sandbox;
    sandbox.write("long.json", kLong);
    const Outcome ended = ended_by(sandbox, signal, run_of({"--snapshot-every", "5steps"}));
    CHECK(ended.exit_code == (signal == SIGINT ? 130 : 128 + SIGKILL));
    if (signal == SIGINT) CHECK_THAT(ended.err, contains("; the same command goes on from here"));
    const Outcome outcome = sandbox.byzsim(run_of({"--threads", "2"}));
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, contains("goes on at step ") && contains(" of 400, after "));
    whole.check_equal(sandbox);
  }
}

TEST_CASE("a timeline and a record go on, too") {
  const Whole whole;
  for (const int signal : {SIGINT, SIGKILL}) {
    const Sandbox sandbox;
    sandbox.write("long.json", kLong);
    const Arguments arguments =
        run_of({"--trace", "events.json", "--record", "record.json", "--snapshot-every", "5steps"});
    ended_by(sandbox, signal, arguments);
    const Outcome outcome = sandbox.byzsim(arguments);
    CHECK_THAT(outcome.err, contains("goes on at step "));
    whole.check_equal(sandbox);
    CHECK(sandbox.read("events.json") == whole.sandbox.read("events.json"));
    CHECK(sandbox.read("record.json") == whole.sandbox.read("record.json"));
    CHECK(!sandbox.holds("events.json.partial"));
  }
}

TEST_CASE("models that a run keeps on the way are all there in the end") {
  for (const int signal : {SIGINT, SIGKILL}) {
    const Sandbox whole, sandbox;
    for (const Sandbox* each : {&whole, &sandbox}) each->write("long.json", kLong);
    const Arguments arguments = run_of({"--models", "every=20", "--snapshot-every", "5steps"});
    REQUIRE(whole.byzsim(arguments).exit_code == 0);
    ended_by(sandbox, signal, arguments);
    CHECK_THAT(sandbox.byzsim(arguments).err, contains("goes on at step "));
    const Json models = Json::parse(whole.read("here/run.json"))["models"];
    CHECK(models.size() > 4 * 19);  // 4 honest servers, 19 steps on the way, and those of the end
    CHECK(Json::parse(sandbox.read("here/run.json"))["models"] == models);
    CHECK(sandbox.byzsim({"verify", "here"}).exit_code == 0);
  }
}

TEST_CASE("a run does not go on where its timeline is gone, and says how to") {
  const Sandbox sandbox;
  sandbox.write("long.json", kLong);
  const Arguments arguments = run_of({"--trace", "events.json", "--snapshot-every", "5steps"});
  ended_by(sandbox, SIGKILL, arguments);
  fs::remove(sandbox.path() / "events.json.partial");
  const Outcome outcome = sandbox.byzsim(arguments);
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err,
             contains("--trace events.json: the timeline so far is not there any more") &&
                 contains("run from the beginning with --force"));
}

TEST_CASE("with --force, or other options, a run starts from its beginning") {
  const Sandbox sandbox;
  sandbox.write("long.json", kLong);
  ended_by(sandbox, SIGKILL, run_of({"--snapshot-every", "5steps"}));
  const Outcome other = sandbox.byzsim(run_of({"--record", "record.json"}));
  CHECK(other.exit_code == 0);
  CHECK_THAT(other.err, contains("note: the run does not go on from a snapshot: ") &&
                            contains("it holds the run alone, and now a record by reference is "
                                     "asked for"));
  ended_by(sandbox, SIGKILL, run_of({"--snapshot-every", "5steps", "--force"}));
  const Outcome forced = sandbox.byzsim(run_of({"--force"}));
  CHECK(forced.exit_code == 0);
  CHECK_THAT(forced.err, !contains("goes on at"));
  CHECK(!sandbox.holds("here.partial"));
}

TEST_CASE("where the newest snapshot is damaged, a run goes on from the one before") {
  const Whole whole;
  const Sandbox sandbox;
  sandbox.write("long.json", kLong);
  const Arguments arguments = run_of({"--snapshot-every", "5steps", "--snapshots-kept", "3"});
  Arguments command = arguments;
  command.insert(command.begin(), byzsim_binary());
  const pid_t pid = sandbox.start(command);
  for (int waits = 0; waits < 6000 && snapshots_in(sandbox).size() < 3; ++waits)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  kill(pid, SIGKILL);
  sandbox.finish(pid);
  std::vector<std::string> kept = snapshots_in(sandbox);
  REQUIRE(kept.size() >= 3);
  std::sort(kept.begin(), kept.end());
  fs::resize_file(kept.back(), fs::file_size(kept.back()) / 2);
  const Outcome outcome = sandbox.byzsim(arguments);
  CHECK_THAT(outcome.err, contains("is no whole snapshot: bytes are missing or altered") &&
                              contains("goes on at step "));
  whole.check_equal(sandbox);
}

TEST_CASE("a run whose snapshots cannot be written goes on, and says so once") {
  const Whole whole;
  const Sandbox sandbox;
  sandbox.write("long.json", kLong);
  sandbox.write("here.partial", "a file where the folder should be");
  const Outcome outcome = sandbox.byzsim(run_of({"--snapshot-every", "5steps"}));
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.err, contains("note: no snapshots of this run are kept: here.partial"));
  CHECK(outcome.err.find("no snapshots") == outcome.err.rfind("no snapshots"));
  CHECK(stable(sandbox.read("here/run.json")) == stable(whole.sandbox.read("here/run.json")));
}

TEST_CASE("of two processes that make one run, the second keeps no snapshots and ends alike") {
  const Whole whole;
  const Sandbox sandbox;
  sandbox.write("long.json", kLong);
  Arguments command = run_of({"--snapshot-every", "1steps"});
  command.insert(command.begin(), byzsim_binary());
  const pid_t first = sandbox.start(command);
  for (int waits = 0; waits < 6000 && snapshots_in(sandbox).empty(); ++waits)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  kill(first, SIGSTOP);
  const Sandbox elsewhere;
  Arguments second = {"run", (sandbox.path() / "long.json").string(), "--out",
                      (sandbox.path() / "here").string()};
  const Outcome outcome = elsewhere.byzsim(second);
  CHECK(outcome.exit_code == 0);
  kill(first, SIGCONT);
  sandbox.finish(first);
  CHECK(stable(sandbox.read("here/run.json")) == stable(whole.sandbox.read("here/run.json")));
}

TEST_CASE("how often snapshots are kept is a time, a number of steps or never") {
  const Sandbox sandbox;
  sandbox.write("long.json", kLong);
  for (const char* wrong : {"0 s", "0steps", "-3 s", "often", "steps", "5"}) {
    const Outcome outcome = sandbox.byzsim(run_of({"--snapshot-every", wrong}));
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, contains("--snapshot-every: must be a time above 0, a number of steps, "
                                     "or never; found \"" +
                                     std::string(wrong) + "\""));
  }
  for (const char* right : {"10 min", "30s", "7 steps", "1 step", "never"})
    CHECK(sandbox.byzsim(run_of({"--force", "--snapshot-every", right})).exit_code == 0);
}

}  // namespace byzsim::process::resume_test
