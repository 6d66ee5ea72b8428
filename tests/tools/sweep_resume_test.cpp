// Sweeps that are killed or interrupted: nothing finished is lost, and the end is the same.
#include <signal.h>

#include <fstream>

#include "core/exact/random.h"
#include "tests/places.h"
#include "tests/tools/sweep_scenarios.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::process::sweep_resume_test {
namespace {

std::size_t finished_runs(const Sandbox& sandbox, const std::string& directory) {
  const fs::path runs = sandbox.path() / directory / "runs";
  if (!fs::exists(runs)) return 0;
  std::size_t count = 0;
  std::error_code vanished;  // temporary folders come and go
  for (const auto& entry : fs::directory_iterator(runs, vanished))
    if (fs::exists(entry.path() / "run.json", vanished) &&
        entry.path().filename().string().find(".tmp-") == std::string::npos)
      ++count;
  return count;
}

// Starts the sweep, waits until `count` runs are finished and some microseconds longer, and sends
// it a signal.
Outcome stopped_by(int signal, const Sandbox& sandbox, const std::string& sweep, std::size_t count,
                   unsigned microseconds) {
  const pid_t pid = sandbox.start(
      {byzsim_binary(), "sweep", "run", "-", "--out", "stopped", "--quiet", "--jobs", "2"}, sweep);
  while (finished_runs(sandbox, "stopped") < count) usleep(200);
  usleep(microseconds);
  kill(pid, signal);
  return sandbox.finish(pid);
}

std::uint64_t chance() {
  std::ifstream source("/dev/urandom", std::ios::binary);
  std::uint64_t bits = 0;
  source.read(reinterpret_cast<char*>(&bits), sizeof bits);
  return bits;
}

}  // namespace

TEST_CASE("a sweep of 200 runs killed three times ends with the bytes of one left alone") {
  const std::string sweep = tiny_sweep(R"({
    "axes": [{"pointer": "/optimizer/momentum", "range": {"from": 0, "to": 0.9, "count": 10}}],
    "repeat": 20})");
  const Sandbox sandbox;
  run_and_merge(sandbox, sweep, "alone");
  Stream moments(chance(), Purpose::dataset, 0, 0);
  std::size_t before = 0;
  for (const std::size_t begin : {0, 50, 110}) {
    const std::size_t count = begin + moments.below(50);
    const auto microseconds = static_cast<unsigned>(moments.below(4000));
    CAPTURE(count, microseconds);
    const Outcome killed = stopped_by(SIGKILL, sandbox, sweep, count, microseconds);
    CHECK(killed.exit_code == 128 + SIGKILL);
    const std::size_t kept = finished_runs(sandbox, "stopped");
    CHECK(kept >= std::max(before, count));
    before = kept;
  }
  CHECK(sandbox.byzsim({"sweep", "run", "stopped"}).exit_code == 0);
  CHECK(sandbox.byzsim({"sweep", "merge", "stopped"}).exit_code == 0);
  for (const char* file : {"summary.csv", "curves.csv", "plan.jsonl"})
    CHECK(sandbox.read("alone/" + std::string(file)) ==
          sandbox.read("stopped/" + std::string(file)));
}

TEST_CASE("an interrupted sweep exits with 130, keeps what is done and goes on") {
  const Sandbox sandbox;
  const std::string sweep = tiny_sweep(R"({"set": {"/steps": 300}, "repeat": 100})");
  const Outcome outcome = stopped_by(SIGINT, sandbox, sweep, 3, 0);
  CHECK(outcome.exit_code == 130);
  CHECK_THAT(outcome.err,
             contains("interrupted: finished runs are kept; the same command continues"));
  const std::size_t kept = finished_runs(sandbox, "stopped");
  CHECK(kept >= 3);
  CHECK(kept < 100);
  CHECK_THAT(sandbox.byzsim({"sweep", "run", "stopped", "--quiet"}).out,
             contains("100 runs done, " + std::to_string(kept) + " of them before"));
}

TEST_CASE("what killed runs leave behind is swept away by the merge") {
  const Sandbox sandbox;
  run_and_merge(sandbox, tiny_sweep("{}"), "there");
  sandbox.write("there/runs/0123456789abcdef.tmp-host-1/run.json", "{");
  CHECK(sandbox.byzsim({"sweep", "merge", "there"}).exit_code == 0);
  CHECK_FALSE(sandbox.holds("there/runs/0123456789abcdef.tmp-host-1"));
}

TEST_CASE("a long run of a sweep goes on from its snapshot, and status tells how far it is") {
  const Sandbox sandbox;
  const std::string sweep = tiny_sweep(R"({"set": {"/steps": 400}, "repeat": 2})");
  REQUIRE(sandbox.byzsim({"sweep", "run", "-", "--out", "s"}, sweep).exit_code == 0);
  const fs::path run = fs::directory_iterator(sandbox.path() / "s/runs")->path();
  const std::string metrics = read_file(run / "metrics.csv");
  write_file(sandbox.path() / "one.json", read_file(run / "run.json"));
  fs::remove_all(run);
  const pid_t pid = sandbox.start(
      {byzsim_binary(), "run", "one.json", "--out", run.string(), "--snapshot-every", "5steps"});
  const fs::path partial = run.string() + ".partial";
  const auto has_snapshot = [&] {
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator(partial, absent))
      if (entry.path().extension() == ".byz") return true;
    return false;
  };
  for (int waits = 0; waits < 20'000 && !has_snapshot(); ++waits) usleep(1000);
  kill(pid, SIGKILL);
  sandbox.finish(pid);
  const Outcome status = sandbox.byzsim({"sweep", "status", "s"});
  CHECK_THAT(status.out, contains("1 of 2 runs done, 0 failed, 1 missing") &&
                             contains("  under way  ") &&
                             contains(" of 400 in its latest snapshot"));
  CHECK(sandbox.byzsim({"sweep", "run", "s"}).exit_code == 0);
  CHECK(read_file(run / "metrics.csv") == metrics);
  CHECK(!fs::exists(partial));
}

}  // namespace byzsim::process::sweep_resume_test
