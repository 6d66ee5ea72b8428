// Results that someone has changed, cut short or mixed up: told with the file, never taken as they
// are, and never the end of the program.
#include "tests/tools/sweep_scenarios.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::damaged_results_test {
namespace {

// A finished sweep of three runs in `sweep`.
class FinishedSweep {
 public:
  FinishedSweep() { run_and_merge(sandbox_, tiny_sweep(R"({"repeat": 3})"), "sweep"); }
  const Sandbox& sandbox() const { return sandbox_; }
  std::string first_run() const {
    const std::string plan = sandbox_.read("sweep/plan.jsonl");
    return "sweep/runs/" + Json::parse(plan.substr(0, plan.find('\n')))["id"].get<std::string>();
  }
  void change_run(const std::string& merge_patch) const {
    const std::string file = first_run() + "/run.json";
    Json run = Json::parse(sandbox_.read(file));
    run.merge_patch(Json::parse(merge_patch));
    sandbox_.write(file, run.dump());
  }
  std::string refusal_of(const Arguments& arguments) const {
    const std::string before = sandbox_.read("sweep/summary.csv");
    const Outcome outcome = sandbox_.byzsim(arguments);
    CHECK(outcome.exit_code == 2);
    CHECK(sandbox_.read("sweep/summary.csv") == before);
    return outcome.err;
  }

 private:
  Sandbox sandbox_;
};

}  // namespace

TEST_CASE("a run that is made again keeps what others put into its directory") {
  const Sandbox sandbox;
  sandbox.byzsim({"run", "-", "--out", "here"}, kTinyScenario);
  sandbox.write("here/notes.txt", "what I saw");
  sandbox.write("here/run.json", sandbox.read("here/run.json") + " ");
  CHECK(sandbox.byzsim({"run", "-", "--out", "here", "--force"}, kTinyScenario).exit_code == 0);
  CHECK(sandbox.read("here/notes.txt") == "what I saw");
  CHECK(sandbox.byzsim({"verify", "here"}).exit_code == 0);
}

TEST_CASE("a merge takes a run of another id, or one that was changed, for a missing one") {
  for (const char* patch :
       {R"({"id": "0123456789abcdef"})", R"({"status": null})", R"({"digest": "x"})",
        R"({"filters": 3})", R"({"expectations": "x"})"}) {
    CAPTURE(patch);
    const FinishedSweep sweep;
    sweep.change_run(patch);
    const Outcome outcome = sweep.sandbox().byzsim({"sweep", "merge", "sweep"});
    CHECK(outcome.exit_code == 4);
    CHECK_THAT(outcome.err, StartsWith("1 of 3 runs are not done\nmissing: seed 3\n"));
  }
}

TEST_CASE("a plan without points, or with something else among them, is refused with the line") {
  const std::string point = R"({"index":0,"id":"0123456789abcdef","seed":3,"axes":{}})";
  for (const std::string second :
       {"", "5", "{", R"({"index":-1,"id":"0123456789abcdef","seed":3,"axes":{}})",
        R"({"index":1,"id":"../../../here","seed":3,"axes":{}})",
        R"({"index":1,"id":"0123456789abcdef","seed":"zz","axes":{}})",
        R"({"index":1,"id":"0123456789abcdef","seed":3,"axes":{"/steps":1}})"}) {
    CAPTURE(second);
    const FinishedSweep sweep;
    sweep.sandbox().write("sweep/plan.jsonl", point + "\n" + second + "\n");
    for (const char* verb : {"merge", "status", "run"})
      CHECK_THAT(sweep.refusal_of({"sweep", verb, "sweep"}),
                 StartsWith("error: sweep/plan.jsonl: line 2 is not a point of a plan; "));
  }
  const FinishedSweep sweep;
  sweep.sandbox().write("sweep/plan.jsonl", "");
  CHECK_THAT(sweep.refusal_of({"sweep", "merge", "sweep"}),
             StartsWith("error: sweep/plan.jsonl: has no points; "));
}

TEST_CASE("the status of a sweep says which record of a failure was damaged") {
  const FinishedSweep sweep;
  fs::remove_all(sweep.sandbox().path() / sweep.first_run());
  sweep.sandbox().write(sweep.first_run() + "/error.json", R"({"errors": [5]})");
  CHECK_THAT(sweep.refusal_of({"sweep", "status", "sweep"}),
             contains("error: " + sweep.first_run() + "/error.json: "));
}

}  // namespace byzsim::process::damaged_results_test
