// `byzsim report` of several runs: branches of one trunk.
#include "tests/tools/report_blocks.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::report_branches_test {
namespace {

/// A sandbox with the run "trunk" and its branches "zero", of step 2, and "average", of step 4.
struct Branches : Sandbox {
  Branches() {
    REQUIRE(byzsim({"run", "-", "--out", "trunk"}, tiny_with(R"({"metrics": {"every": 1}})"))
                .exit_code == 0);
    branch("trunk", "step=2", "/adversary/workers=zero", "zero");
    branch("trunk", "step=4", "/workers/aggregator=average", "average");
  }

  void branch(const std::string& of, const std::string& at, const std::string& set,
              const std::string& out) const {
    const Outcome outcome = byzsim({"branch", of, "--at", at, "--set", set, "--out", out});
    if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
  }

  Json reported(const Arguments& directories) const {
    Arguments arguments = {"report", "--out", "page.html"};
    arguments.insert(arguments.end(), directories.begin(), directories.end());
    const Outcome outcome = byzsim(arguments);
    if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
    return data_of_page(read("page.html"));
  }
};

}  // namespace

TEST_CASE("a report of branches holds them and their trunk, in any order") {
  const Branches runs;
  const Json data = runs.reported({"zero", "trunk", "average"});
  CHECK(data["kind"] == "branches");
  CHECK(data["name"] == "tiny");
  CHECK(data["trunk"]["directory"] == "trunk");
  CHECK(data["trunk"]["metrics"] == runs.read("trunk/metrics.csv"));
  REQUIRE(data["branches"].size() == 2);
  CHECK(data["branches"][0]["directory"] == "zero");
  CHECK(data["branches"][0]["metrics"] == runs.read("zero/metrics.csv"));
  CHECK(data["branches"][1]["run"] == Json::parse(runs.read("average/run.json")));
}

TEST_CASE("a report of branches does without the run of their trunk") {
  const Branches runs;
  const Json data = runs.reported({"zero", "average"});
  CHECK(data["trunk"].is_null());
  CHECK(data["branches"] == runs.reported({"zero", "average", "trunk"})["branches"]);
}

TEST_CASE("the branches of a report have where they begin and what they change") {
  const Branches runs;
  const Json branches = runs.reported({"zero", "average"})["branches"];
  CHECK(branches[0]["parting"]["step"] == 2);
  CHECK(branches[1]["parting"]["step"] == 4);
  for (const Json& each : branches)
    CHECK(each["parting"]["event"] == each["run"]["scenario"]["origin"]["event"]);
  REQUIRE(branches[0]["changes"].size() == 1);
  CHECK(branches[0]["changes"][0]["pointer"] == "/adversary/workers");
  CHECK(branches[0]["changes"][0]["branch"]["name"] == "zero");
  REQUIRE(branches[1]["changes"].size() == 1);
  CHECK(branches[1]["changes"][0]["pointer"] == "/workers/aggregator");
  CHECK(branches[1]["changes"][0]["branch"]["name"] == "average");
}

TEST_CASE("a branch of a branch leaves the trunk where its own trunk did") {
  const Branches runs;
  runs.branch("zero", "step=4", "/adversary/servers=zero", "later");
  const Json of_trunk = runs.reported({"later", "trunk"});
  CHECK(of_trunk["branches"][0]["parting"]["step"] == 2);
  CHECK(of_trunk["branches"][0]["changes"].size() == 2);
  // The first branch is their youngest common run.
  const Json of_branch = runs.reported({"later", "zero"});
  CHECK(of_branch["trunk"]["directory"] == "zero");
  CHECK(of_branch["branches"][0]["parting"]["step"] == 4);
  CHECK(of_branch["branches"][0]["changes"].size() == 1);
}

TEST_CASE("the page of branches is branches.html in the first directory") {
  const Branches runs;
  const Outcome outcome = runs.byzsim({"report", "zero", "average"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == "zero/branches.html\n");
  CHECK(runs.holds("zero/branches.html"));
}

TEST_CASE("a report of runs without a common trunk is refused") {
  const Branches runs;
  REQUIRE(runs.byzsim({"run", "-", "--out", "other"}, tiny_with(R"({"seed": 4})")).exit_code == 0);
  const Outcome outcome = runs.byzsim({"report", "zero", "other"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err ==
        "error: other: has no trunk in common with zero; give branches of one run, which byzsim "
        "branch makes, or a single directory\n");
}

TEST_CASE("a report of one run twice is refused") {
  const Branches runs;
  const Outcome outcome = runs.byzsim({"report", "zero", "average", "zero"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err == "error: zero: is the same run as zero; name every run once\n");
}

TEST_CASE("branches whose rows differ before they begin are refused") {
  const Branches runs;
  std::string metrics = runs.read("average/metrics.csv");
  const std::size_t row = metrics.find("\n1,") + 1;  // of step 1
  runs.write("average/metrics.csv", metrics.replace(row, 2, "1,9"));
  const Outcome outcome = runs.byzsim({"report", "zero", "average"});
  CHECK(outcome.exit_code == 2);
  CHECK(outcome.err ==
        "error: average/metrics.csv: differs from zero/metrics.csv up to step 2, before they part; "
        "byzsim verify finds which of the runs is not what its scenario gives\n");
}

TEST_CASE("the report of one branch begins its timeline where the branch begins") {
  const Branches runs;
  const Json data = runs.reported({"zero"});
  CHECK(data["kind"] == "run");
  CHECK(data["branch"]["trunk"] == "tiny");
  CHECK(data["branch"]["parting"]["step"] == 2);
  CHECK(data["branch"]["changes"][0]["pointer"] == "/adversary/workers");
  const double begin = data["timeline"]["begin"].get<double>() / 1e9;
  CHECK(begin == data["branch"]["parting"]["simulated_seconds"].get<double>());
  CHECK(begin > 0);
  CHECK(data["timeline"]["whole"] == true);
}

}  // namespace byzsim::process::report_branches_test
