// `byzsim branch` through the real program.
#include "core/input/json.h"
#include "tests/catch.h"
#include "tests/tools/process.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::branch_command_test {
namespace {

/// A sandbox with the tiny scenario's run in the directory "trunk".
struct Trunk : Sandbox {
  Trunk() {
    write("tiny.json", kTinyScenario);
    REQUIRE(byzsim({"run", "tiny.json", "--out", "trunk"}).exit_code == 0);
  }
  Json run_of(const std::string& directory) const {
    return Json::parse(read(directory + "/run.json"));
  }
};

}  // namespace

TEST_CASE("a branch in which nothing changes has the digest and the rows of its trunk") {
  const Trunk trunk;
  const std::string digest = trunk.run_of("trunk")["digest"]["run"];
  for (const char* at : {"step=3", "event=50", "time=1ms", "event=0"}) {
    CAPTURE(at);
    const std::string same = std::string("same-") + at;
    REQUIRE(trunk.byzsim({"branch", "trunk", "--at", at, "--out", same}).exit_code == 0);
    CHECK(trunk.run_of(same)["digest"]["run"] == digest);
    for (const char* file : {"/metrics.csv", "/gathers.csv", "/digests.csv"})
      CHECK(trunk.read(same + file) == trunk.read(std::string("trunk") + file));
  }
}

TEST_CASE("a branch with another attack is a run that can be verified and run again") {
  const Trunk trunk;
  const Outcome outcome = trunk.byzsim(
      {"branch", "trunk", "--at", "step=3", "--set", "/adversary/workers=zero", "--out", "other"});
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.err, contains("branches off at step 3, after "));
  const Json run = trunk.run_of("other");
  CHECK(run["name"] == "tiny-branch");
  CHECK(run["digest"]["run"] != trunk.run_of("trunk")["digest"]["run"]);
  CHECK(run["scenario"]["origin"]["scenario"]["name"] == "tiny");
  CHECK(trunk.byzsim({"verify", "other"}).exit_code == 0);
  REQUIRE(trunk.byzsim({"run", "other/run.json", "--out", "again", "--threads", "2"}).exit_code ==
          0);
  CHECK(trunk.run_of("again")["digest"] == run["digest"]);
}

TEST_CASE("bisect names the first event in which a branch differs from its trunk") {
  const Trunk trunk;
  REQUIRE(trunk
              .byzsim({"branch", "trunk", "--at", "step=3", "--set", "/adversary/workers=zero",
                       "--out", "other"})
              .exit_code == 0);
  const std::int64_t begin = trunk.run_of("other")["scenario"]["origin"]["event"];
  const Outcome outcome = trunk.byzsim({"bisect", "trunk", "other", "--json"});
  const Json found = Json::parse(outcome.out);
  CHECK(found["equal_up_to_event"].get<std::int64_t>() >= begin);
  CHECK(found["exact"] == true);
}

TEST_CASE("events of a branch begin after those of its trunk, and are those of its run") {
  const Trunk trunk;
  REQUIRE(trunk
              .byzsim({"branch", "trunk", "--at", "event=50", "--set", "/adversary/workers=zero",
                       "--out", "other"})
              .exit_code == 0);
  const Outcome events = trunk.byzsim({"events", "other"});
  CHECK(events.exit_code == 0);
  CHECK_THAT(events.err, contains("begins after event 50 of its trunk"));
  CHECK_THAT(events.out, StartsWith("{\"event\":51,"));
}

TEST_CASE("a record of a branch runs to its digest") {
  const Trunk trunk;
  REQUIRE(
      trunk
          .byzsim({"branch", "trunk", "--at", "step=3", "--set", "/adversary/scheduler=keep_apart",
                   "--out", "other", "--record", "record.json"})
          .exit_code == 0);
  REQUIRE(trunk.byzsim({"run", "record.json", "--out", "again"}).exit_code == 0);
  CHECK(trunk.run_of("again")["digest"]["run"] == trunk.run_of("other")["digest"]["run"]);
}

TEST_CASE("a moment that is none, or that the run does not reach, is refused") {
  const Trunk trunk;
  const std::pair<const char*, const char*> cases[] = {
      {"step=99", "--at: the run ends before step=99: at step 6, after "},
      {"step=-1", "--at: \"-1\" is not the number of a step; write at most 12 digits"},
      {"time=soon", "--at: \"soon\" is not a simulated time; write a number with ns, us, ms"},
      {"7", "--at: \"7\" is not a moment of a run; write step=200, time=1.5s or event=12345"}};
  for (const auto& [at, problem] : cases) {
    const Outcome outcome = trunk.byzsim({"branch", "trunk", "--at", at});
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, contains(problem));
  }
  CHECK_THAT(trunk.byzsim({"branch", "trunk"}).err, contains("missing option --at"));
}

TEST_CASE("what a branch must not change is refused before the trunk is run") {
  const Trunk trunk;
  const Outcome outcome =
      trunk.byzsim({"branch", "trunk", "--at", "step=3", "--set", "/workers/count=9"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("/workers/count: cannot change within a run: the workers were "
                                   "made at the beginning of the trunk") &&
                              !contains("branches off"));
}

}  // namespace byzsim::process::branch_command_test
