// `byzsim inspect` through the real program: commands from a pipe, one moment as JSON, and the
// digests of the stored run.
#include "core/input/json.h"
#include "tests/catch.h"
#include "tests/tools/process.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::inspect_command_test {
namespace {

// A sandbox with the tiny scenario, and its run in "here".
struct Place {
  Place() {
    sandbox.write("tiny.json", kTinyScenario);
    REQUIRE(sandbox.byzsim({"run", "tiny.json", "--out", "here"}).exit_code == 0);
  }
  Json moment(const std::string& at, const std::string& name = "here") const {
    const Outcome outcome = sandbox.byzsim({"inspect", name, "--at", at, "--json"});
    REQUIRE(outcome.exit_code == 0);
    return Json::parse(outcome.out);
  }
  Sandbox sandbox;
};

}  // namespace

TEST_CASE("a moment has the digests that byzsim events prints of its event") {
  const Place place;
  const Outcome events = place.sandbox.byzsim({"events", "here", "--from", "40", "--to", "41"});
  const Json event = Json::parse(events.out.substr(0, events.out.find('\n')));
  const Json moment = place.moment("event=40");
  for (const auto& [layer, value] : event["digest"].items())
    CHECK(moment["digest"][layer] == value);
  CHECK(moment["last"]["event"] == 40);
  CHECK(moment["last"]["kind"] == event["kind"]);
  CHECK(moment["time_ns"] == event["time_ns"]);
  CHECK(place.moment("event=40", "tiny.json") == moment);
}

TEST_CASE("the last step has the digest and the metrics of run.json") {
  const Place place;
  const Json run = Json::parse(place.sandbox.read("here/run.json"));
  const Outcome outcome = place.sandbox.byzsim({"inspect", "here/run.json"}, "go end\n");
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, contains("digest " + run["digest"]["run"].get<std::string>()));
  const Json moment = place.moment("step=6");
  CHECK(moment["id"] == run["id"]);
  CHECK(moment["metrics"]["accuracy"] == run["final"]["accuracy"]);
  CHECK(moment["nodes"].size() == 12);
  CHECK(moment["models"].size() == 5);
  CHECK(moment["distances"]["between"].size() == 5);
}

TEST_CASE("commands from a pipe are answered one after the other, and mistakes end with code 2") {
  const Place place;
  const Outcome outcome = place.sandbox.byzsim(
      {"inspect", "tiny.json"}, "go step=2\nnodes servers\nback 3\nnonsense\nwhy\nquit\nnext\n");
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.out, contains("step 2 of 6"));
  CHECK_THAT(outcome.out, contains("server 4 *"));
  CHECK_THAT(outcome.out, EndsWith("because of the start of the run\n"));
  CHECK_THAT(outcome.err, StartsWith("error: unknown command \"nonsense\"; "));
  CHECK(place.sandbox.byzsim({"inspect", "tiny.json"}, "").exit_code == 0);
}

TEST_CASE("without --json, one moment is text: where, nodes, messages, distances") {
  const Place place;
  const Outcome outcome = place.sandbox.byzsim({"inspect", "here", "--at", "time=20ms"});
  CHECK(outcome.exit_code == 0);
  for (const char* part : {"event ", "node", " messages under way\n", "from the mean of honest"})
    CHECK_THAT(outcome.out, contains(part));
}

TEST_CASE("a moment that the run has not is refused") {
  const Place place;
  const auto refused = [&](const std::string& at) {
    const Outcome outcome = place.sandbox.byzsim({"inspect", "here", "--at", at});
    CHECK(outcome.exit_code == 2);
    return outcome.err;
  };
  CHECK_THAT(refused("step=7"), contains("must be in [0, 6], the steps of this run"));
  CHECK_THAT(refused("event=99999999"), contains("--at: the run ends before event=99999999"));
  CHECK_THAT(refused("time=99h"), contains("--at: the run ends before"));
  CHECK_THAT(refused("soon"), contains("--at: \"soon\" is not a moment of a run"));
}

TEST_CASE("a stored run with other digests is shown as its replay, and ends with code 3") {
  const Place place;
  std::string digests = place.sandbox.read("here/digests.csv");
  const std::size_t row = digests.find("\n32,");
  digests[row + 4] = digests[row + 4] == '0' ? '1' : '0';
  place.sandbox.write("here/digests.csv", digests);
  const Outcome outcome = place.sandbox.byzsim({"inspect", "here", "--at", "event=40"});
  CHECK(outcome.exit_code == 3);
  CHECK_THAT(outcome.err, contains("its digests differ at event 32"));
  CHECK(place.sandbox.byzsim({"inspect", "here", "--at", "event=30"}).exit_code == 0);
}

TEST_CASE("a stored run with --set is another run") {
  const Place place;
  const Outcome outcome =
      place.sandbox.byzsim({"inspect", "here", "--set", "/steps=4", "--at", "step=4"});
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, contains("step 4 of 4"));
}

TEST_CASE("standard input holds the commands, or with --at the scenario") {
  const Sandbox sandbox;
  const Outcome both = sandbox.byzsim({"inspect", "-"}, kTinyScenario);
  CHECK(both.exit_code == 2);
  CHECK_THAT(both.err, contains("cannot hold the scenario and the commands; name a file"));
  CHECK(sandbox.byzsim({"inspect", "-", "--at", "step=1"}, kTinyScenario).exit_code == 0);
}

TEST_CASE("threads change nothing that is shown") {
  const Place place;
  const auto shown = [&](const char* threads) {
    return place.sandbox
        .byzsim({"inspect", "here", "--at", "step=3", "--json", "--threads", threads})
        .out;
  };
  CHECK(shown("1") == shown("3"));
}

}  // namespace byzsim::process::inspect_command_test
