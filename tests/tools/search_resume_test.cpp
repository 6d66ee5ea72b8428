// A search that something ends continues with the evaluations that it has finished, and its files
// are those of a search that nothing has ended.
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "core/input/json.h"
#include "tests/catch.h"
#include "tests/tools/process.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::search_resume_test {
namespace {

const char* const kTrials = "here.partial/trials.txt";
constexpr std::size_t kEvaluations = 40;

Arguments search_by(const std::string& strategy) {
  return {"search", "long.json",     "--out", "here",   "--strategy",
          strategy, "--evaluations", "40",    "--over", "/adversary/workers/parameters/z=0..4"};
}

// Without the pictures of matplotlib, which takes longer than the search.
const Environment kNoPictures = {{"BYZSIM_PYTHON", "/nonexistent/python3"}};

void write_scenario(const Sandbox& sandbox) {
  sandbox.write("long.json",
                tiny_with(R"({"steps": 200, "adversary": {"workers": "a_little_is_enough"}})"));
}

// One for each run that is finished: the reference, then the evaluations.
std::size_t kept_runs(const Sandbox& sandbox) {
  if (!sandbox.holds(kTrials)) return 0;
  const std::string text = sandbox.read(kTrials);
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  return lines > 0 ? lines - 1 : 0;  // the first names the search
}

// Starts the search and ends it by a signal once some runs are finished.
Outcome ended_by(const Sandbox& sandbox, int signal, Arguments arguments) {
  arguments.insert(arguments.begin(), byzsim_binary());
  const pid_t pid = sandbox.start(arguments);
  for (int waits = 0; waits < 6000 && kept_runs(sandbox) < 4; ++waits)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  kill(pid, signal);
  const Outcome outcome = sandbox.finish(pid);
  REQUIRE(kept_runs(sandbox) >= 4);
  REQUIRE(kept_runs(sandbox) < kEvaluations + 1);
  return outcome;
}

}  // namespace

TEST_CASE("a search that was interrupted or killed continues to the files of one left alone") {
  for (const std::string strategy : {"random", "nlopt"}) {
    const Sandbox whole;
    write_scenario(whole);
    REQUIRE(whole.byzsim(search_by(strategy), "", kNoPictures).exit_code == 0);
    for (const int signal : {SIGINT, SIGKILL}) {
      CAPTURE(strategy, signal);
      const Sandbox sandbox;
      write_scenario(sandbox);
      CHECK(ended_by(sandbox, signal, search_by(strategy)).exit_code ==
            (signal == SIGINT ? 130 : 128 + SIGKILL));
      const std::string kept = std::to_string(kept_runs(sandbox));
      const Outcome outcome = sandbox.byzsim(search_by(strategy), "", kNoPictures);
      CHECK(outcome.exit_code == 0);
      CHECK_THAT(outcome.err,
                 contains("the search continues after " + kept + " runs of an earlier process\n"));
      for (const char* file : {"here/search.csv", "here/worst.json"})
        CHECK(sandbox.read(file) == whole.read(file));
      CHECK(!sandbox.holds("here.partial"));
    }
  }
}

TEST_CASE("a line that was cut off or changed is not used: that run is made once more") {
  const Sandbox sandbox;
  write_scenario(sandbox);
  ended_by(sandbox, SIGKILL, search_by("random"));
  std::string text = sandbox.read(kTrials);
  const std::size_t kept = kept_runs(sandbox);
  const std::size_t value = text.find("\"value\":");
  REQUIRE(value != text.npos);
  text.replace(value + 8, 1, text[value + 8] == '1' ? "2" : "1");
  sandbox.write(kTrials, text.substr(0, text.size() - 5));  // and the last line is cut
  CHECK_THAT(sandbox.byzsim(search_by("random"), "", kNoPictures).err,
             contains("continues after " + std::to_string(kept - 2) + " runs"));
}

TEST_CASE("a forced search starts from its beginning, whatever an interrupted one has kept") {
  const Sandbox sandbox;
  write_scenario(sandbox);
  ended_by(sandbox, SIGKILL, search_by("random"));
  Arguments forced = search_by("random");
  forced.push_back("--force");
  const Outcome outcome = sandbox.byzsim(forced, "", kNoPictures);
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.find("continues after") == outcome.err.npos);
}

TEST_CASE("what another search or version has kept is not used, and that is stated") {
  const Sandbox sandbox;
  write_scenario(sandbox);
  sandbox.write(kTrials, "0123456789abcdef {\"search\":\"another\"}\n");
  const Outcome outcome = sandbox.byzsim(search_by("random"), "", kNoPictures);
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.err, contains("here.partial/trials.txt: it is of another search or version"));
}

TEST_CASE("two processes that make one search are kept apart, and both end") {
  const Sandbox sandbox;
  write_scenario(sandbox);
  Arguments first = search_by("random");
  first.insert(first.begin(), byzsim_binary());
  // Both write to one file of errors.
  first.push_back("--quiet");
  const pid_t pid = sandbox.start(first);
  while (kept_runs(sandbox) < 1) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  const Outcome second = sandbox.byzsim(search_by("random"), "", kNoPictures);
  CHECK_THAT(second.err, contains("another process uses here.partial"));
  CHECK(second.exit_code == 0);
  CHECK(sandbox.finish(pid).exit_code == 0);
}

}  // namespace byzsim::process::search_resume_test
