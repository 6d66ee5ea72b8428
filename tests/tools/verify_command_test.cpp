// `byzsim verify`: the same bits again, or what differs.
#include <functional>

#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::verify_command_test {
namespace {

// A sandbox with the tiny scenario run in "here".
class FinishedRun {
 public:
  FinishedRun() {
    const Outcome outcome = sandbox_.byzsim({"run", "-", "--out", "here"}, kTinyScenario);
    if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
  }
  Json run_json() const { return Json::parse(sandbox_.read("here/run.json")); }
  void change_run_json(const std::function<void(Json&)>& change) {
    Json run = run_json();
    change(run);
    sandbox_.write("here/run.json", run.dump(2) + "\n");
  }
  const Sandbox& sandbox() const { return sandbox_; }
  Outcome verify(const Arguments& more = {}) const {
    Arguments arguments = {"verify", "here"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return sandbox_.byzsim(arguments);
  }

 private:
  Sandbox sandbox_;
};

void change_last_digit(Json& hex) {
  std::string text = hex.get<std::string>();
  text.back() = text.back() == '0' ? '1' : '0';
  hex = text;
}

// The lines that verify prints under "not the same run:".
std::string differences(const FinishedRun& finished) {
  const Outcome outcome = finished.verify();
  CHECK(outcome.exit_code == 3);
  const std::string heading = "the replay differs from the stored run:\n";
  REQUIRE_THAT(outcome.out, StartsWith(heading));
  return outcome.out.substr(heading.size());
}

}  // namespace

TEST_CASE("a finished run may be named by its run.json") {
  const FinishedRun finished;
  const Outcome outcome = finished.sandbox().byzsim({"verify", "here/run.json"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == finished.verify().out);
}

TEST_CASE("verify of an untouched run says so with its digest") {
  const FinishedRun finished;
  const Outcome outcome = finished.verify();
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out ==
        "verified: digest " + finished.run_json()["digest"]["run"].get<std::string>() + "\n");
  CHECK(outcome.err.empty());
}

TEST_CASE("verify leaves the run as it was") {
  const FinishedRun finished;
  const std::string before = finished.sandbox().read("here/run.json");
  finished.verify();
  CHECK(finished.sandbox().read("here/run.json") == before);
  const fs::path place = finished.sandbox().path();
  CHECK(std::distance(fs::directory_iterator(place), fs::directory_iterator()) == 1);
}

TEST_CASE("verify agrees on any number of threads") {
  const FinishedRun finished;
  for (const char* threads : {"1", "2", "5"})
    CHECK(finished.verify({"--threads", threads}).exit_code == 0);
}

TEST_CASE("verify names the one layer whose digest was changed") {
  for (const char* layer : {"run", "schedule", "messages", "draws", "models", "metrics"}) {
    FinishedRun finished;
    const std::string now = finished.run_json()["digest"][layer];
    finished.change_run_json([&](Json& run) { change_last_digit(run["digest"][layer]); });
    const std::string stored = finished.run_json()["digest"][layer];
    CHECK(differences(finished) ==
          "  digest " + std::string(layer) + ": stored \"" + stored + "\", now \"" + now + "\"\n");
  }
}

TEST_CASE("verify names gathers.csv when it is gone or a byte of it was changed") {
  const FinishedRun finished;
  finished.sandbox().write("here/gathers.csv", finished.sandbox().read("here/gathers.csv") + "1");
  CHECK(differences(finished) == "  gathers.csv differs\n");
  fs::remove(finished.sandbox().path() / "here/gathers.csv");
  CHECK(differences(finished) == "  gathers.csv differs\n");
}

TEST_CASE("verify names digests.csv when it is gone or a byte of it was changed") {
  const FinishedRun finished;
  finished.sandbox().write("here/digests.csv", finished.sandbox().read("here/digests.csv") + "1");
  CHECK(differences(finished) ==
        "  digests.csv differs; byzsim bisect here finds the first event that differs\n");
  fs::remove(finished.sandbox().path() / "here/digests.csv");
  CHECK(differences(finished) == "  digests.csv differs\n");
}

TEST_CASE("verify names metrics.csv when a byte of it was changed") {
  const FinishedRun finished;
  std::string csv = finished.sandbox().read("here/metrics.csv");
  csv.back() = ' ';
  finished.sandbox().write("here/metrics.csv", csv);
  CHECK(differences(finished) == "  metrics.csv differs\n");
}

TEST_CASE("verify names a final number that was changed") {
  FinishedRun finished;
  finished.change_run_json([](Json& run) { run["final"]["accuracy"] = 0.999; });
  CHECK_THAT(differences(finished), StartsWith("  final/accuracy: stored 0.999, now "));
}

TEST_CASE("verify names each total that was changed") {
  for (const char* key : {"steps", "events", "messages", "bytes"}) {
    FinishedRun finished;
    const Json now = finished.run_json()[key];
    finished.change_run_json([&](Json& run) { run[key] = 12345; });
    CHECK(differences(finished) ==
          "  " + std::string(key) + ": stored 12345, now " + now.dump() + "\n");
  }
}

TEST_CASE("verify sees that the stored scenario has another seed") {
  FinishedRun finished;
  finished.change_run_json([](Json& run) { run["scenario"]["seed"] = 4; });
  const std::string lines = differences(finished);
  for (const char* what :
       {"digest run:", "digest draws:", "digest models:", "id:", "metrics.csv differs"})
    CHECK_THAT(lines, contains(what));
}

TEST_CASE("verify refuses another numeric profile and says why") {
  FinishedRun finished;
  finished.change_run_json([](Json& run) { run["profile"] = "x86-64-v3"; });
  const Outcome outcome = finished.verify();
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err ==
        "error: here/run.json: was made under the numeric profile \"x86-64-v3\", but this program "
        "has ieee754-fma; their results are not comparable; verify it with a program of the same "
        "profile\n");
}

TEST_CASE("verify refuses a stored scenario that cannot be read") {
  FinishedRun finished;
  finished.change_run_json([](Json& run) { run["scenario"]["steps"] = -1; });
  const Outcome outcome = finished.verify();
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("/steps: must be an integer in [1, 1000000000], not -1"));
}

TEST_CASE("verify refuses a run without its metrics.csv") {
  const FinishedRun finished;
  fs::remove(finished.sandbox().path() / "here/metrics.csv");
  const Outcome outcome = finished.verify();
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, StartsWith("error: here/metrics.csv: no such file; "));
}

TEST_CASE("verify names every other stored result that was changed") {
  for (const char* key :
       {"seed", "status", "simulated_seconds", "diverged_at_step", "deliveries"}) {
    FinishedRun finished;
    finished.change_run_json([&](Json& run) { run[key] = "changed"; });
    CHECK_THAT(differences(finished),
               contains("  " + std::string(key) + ": stored \"changed\", now "));
  }
}

}  // namespace byzsim::process::verify_command_test
