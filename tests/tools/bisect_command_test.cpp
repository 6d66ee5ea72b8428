// `byzsim bisect` and `byzsim events`: the first event in which two runs differ, through the real
// program. Where the event is known beforehand, two simulations in step say which it is.
#include "tests/sim/small_scenarios.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"
#include "tools/bisect/event_lines.h"

namespace byzsim::process::bisect_command_test {
namespace {

// Changes that leave the runs the same for a while.
const std::vector<std::string> kLateChanges = {
    R"({"workers": {"byzantine": {"actual": 1}}})", R"({"adversary": {"workers": "zero"}})",
    R"({"workers": {"aggregator": "median"}})", R"({"optimizer": {"momentum": 0.5}})",
    R"({"network": {"faults": [{"name": "crash", "parameters":
        {"nodes": "worker 1", "start": "10 ms"}}]}})"};

// A sandbox with the tiny scenario run in "a" and a changed one in "b".
class TwoRuns {
 public:
  explicit TwoRuns(const std::string& change = "{}") {
    run("a", kTinyScenario);
    run("b", tiny_with(change));
  }
  const Sandbox& sandbox() const { return sandbox_; }
  Outcome bisect(const Arguments& arguments) const {
    Arguments all = {"bisect"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return sandbox_.byzsim(all);
  }
  Json found(const Arguments& arguments = {"a", "b", "--json"}) const {
    return Json::parse(bisect(arguments).out);
  }
  void change(const std::string& file, const std::string& from, const std::string& to) const {
    std::string text = sandbox_.read(file);
    text.replace(text.find(from), from.size(), to);
    sandbox_.write(file, text);
  }
  // Another digest of the schedule in the row of an event.
  void change_schedule_after(const std::string& directory, int event) const {
    const std::string csv = sandbox_.read(directory + "/digests.csv");
    const std::string begin = "\n" + std::to_string(event) + ",";
    const std::string row = csv.substr(csv.find(begin), begin.size() + 16);
    change(directory + "/digests.csv", row, begin + "0123456789abcdef");
  }

 private:
  void run(const std::string& directory, const std::string& scenario) const {
    const Outcome outcome = sandbox_.byzsim({"run", "-", "--out", directory}, scenario);
    if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
  }
  Sandbox sandbox_;
};

std::optional<EventRecord> next_event(Simulation& simulation) {
  const auto occurrence = simulation.advance();
  if (!occurrence) return std::nullopt;
  return record_of(*occurrence, simulation);
}

// Told by two simulations that go in step.
std::uint64_t first_different_event(const std::string& a, const std::string& b) {
  World one(Json::parse(a)), other(Json::parse(b));
  one.simulation.keep_scheduled();
  other.simulation.keep_scheduled();
  std::uint64_t event = 0;
  while (true) {
    ++event;
    const auto x = next_event(one.simulation), y = next_event(other.simulation);
    if (x != y || !x) return event;
  }
}

}  // namespace

TEST_CASE("bisect of equal runs says so") {
  const TwoRuns runs;
  const Outcome outcome = runs.bisect({"a", "b"});
  CHECK(outcome.exit_code == 0);
  CHECK(outcome.out == "the same: all 554 events\n");
  CHECK(runs.bisect({"a"}).out == "the same: all 554 events\n");
  CHECK(runs.found()["same"] == true);
}

TEST_CASE("bisect of two scenarios names the first event in which they differ") {
  for (const std::string& change : kLateChanges) {
    CAPTURE(change);
    const TwoRuns runs(change);
    const std::uint64_t event = first_different_event(kTinyScenario, tiny_with(change));
    REQUIRE(event > 1);
    const Json found = runs.found();
    CHECK(found["same"] == false);
    CHECK(found["exact"] == true);
    CHECK(found["different_event"] == event);
    CHECK(found["equal_up_to_event"] == event - 1);
    CHECK(runs.bisect({"a", "b"}).exit_code == 3);
  }
}

TEST_CASE("bisect names the event that says the one message that two scripts deliver otherwise") {
  const Sandbox sandbox;
  sandbox.byzsim({"run", "-", "--record", "script.json"},
                 tiny_with(R"({"adversary": {"scheduler": "keep_apart"}})"));
  const Json recorded = Json::parse(sandbox.read("script.json"));
  REQUIRE(sandbox.byzsim({"run", "script.json", "--out", "recorded"}).exit_code == 0);
  const std::size_t deliveries = recorded["adversary"]["script"]["deliveries"].size();
  for (std::size_t i = 0; i < 10; ++i) {
    Json changed = recorded;
    Json& delivery = changed["adversary"]["script"]["deliveries"][(1 + 37 * i) % deliveries];
    delivery["delay"] = "4321 ns";
    const std::string directory = "b" + std::to_string(i);
    REQUIRE(sandbox.byzsim({"run", "-", "--out", directory}, changed.dump()).exit_code == 0);
    const Json found = Json::parse(sandbox.byzsim({"bisect", "recorded", directory, "--json"}).out);
    CAPTURE(delivery.dump(), found.dump(2));
    CHECK(found["different_event"] == first_different_event(recorded.dump(), changed.dump()));
    CHECK(found["events"]["a"]["node"] == delivery["from"]);
    CHECK(found["moved"] == Json::array({"draws"}));
  }
}

TEST_CASE("bisect agrees on any number of threads and in either order") {
  const TwoRuns runs(kLateChanges[0]);
  const std::string found = runs.bisect({"a", "b", "--json", "--threads", "1"}).out;
  CHECK(runs.bisect({"a", "b", "--json", "--threads", "3"}).out == found);
  CHECK(runs.found({"b", "a", "--json"})["different_event"] ==
        Json::parse(found)["different_event"]);
}

TEST_CASE("bisect tells what the event was, what it led to in either run and what led to it") {
  const TwoRuns runs(R"({"workers": {"byzantine": {"actual": 1}}})");
  const std::string out = runs.bisect({"a", "b"}).out;
  CHECK_THAT(out, StartsWith("A  a\nB  b\nscenarios (A | B)\n"
                             "  /workers/byzantine/actual: 2 | 1\n"
                             "the runs are the same up to event 39 and differ in event 40\n"
                             "  A and B  at 1537.512 us, worker 1 has computed the gradient of "
                             "step 0, begun at 537.512 us\n"));
  CHECK_THAT(out, contains("  A  the gradient of step 0 of worker 1 reaches server 0 at 3384.126 "
                           "us (bits "));
  CHECK_THAT(out,
             contains("because\n  event 24, at 537.512 us: worker 1 receives the model of step 0 "
                      "of server 3, sent at 0 ns: counted\n  event 4, at 0 ns: server 3 "
                      "starts\n"));
}

TEST_CASE("bisect of other seeds names the first event, whose draws have moved") {
  const Json found = TwoRuns(R"({"seed": 4})").found();
  CHECK(found["different_event"] == 1);
  CHECK(found["moved"] == Json::array({"draws"}));
  CHECK(found["scenarios"][0] == Json({{"pointer", "/seed"}, {"a", 3}, {"b", 4}}));
}

TEST_CASE("bisect names the interval where a stored digest was changed") {
  const TwoRuns runs;
  runs.change_schedule_after("b", 200);
  for (const Arguments& arguments : {Arguments{"a", "b", "--json"}, Arguments{"b", "--json"}}) {
    const Json found = runs.found(arguments);
    CHECK(found["exact"] == false);
    CHECK(found["equal_up_to_event"] == 196);
    CHECK(found["different_event"] == 200);
    CHECK(found["moved"] == Json::array({"schedule"}));
  }
  CHECK_THAT(
      runs.bisect({"b"}).out,
      contains("b was not made by this program: its replay has other digests after event 200\n") &&
          contains("  byzsim events b --from 197 --to 200 > b/events.jsonl\n"));
}

TEST_CASE("bisect of two runs of another program names the interval by their digests alone") {
  const TwoRuns runs;
  runs.change_schedule_after("a", 200);
  runs.change_schedule_after("b", 200);
  runs.change_schedule_after("b", 300);
  const Json found = runs.found();
  CHECK(found["equal_up_to_event"] == 296);
  CHECK(found["different_event"] == 300);
  CHECK(found["not_reproduced_after_event"] == Json({{"a", 200}, {"b", 200}}));
}

TEST_CASE("bisect of runs without digests.csv that differ still names the event") {
  const TwoRuns runs(kLateChanges[0]);
  fs::remove(runs.sandbox().path() / "a/digests.csv");
  fs::remove(runs.sandbox().path() / "b/digests.csv");
  CHECK(runs.found()["different_event"] == 40);
}

TEST_CASE("bisect says where metrics alone differ") {
  const TwoRuns runs;
  runs.change("b/metrics.csv", "\n2,", "\n7,");
  for (const Arguments& arguments : {Arguments{"a", "b"}, Arguments{"b"}}) {
    const Outcome outcome = runs.bisect(arguments);
    CHECK(outcome.exit_code == 3);
    CHECK(outcome.out == "all 554 events are the same, but metrics.csv differs from line 3 on\n");
  }
}

TEST_CASE("bisect notes another version and refuses another numeric profile") {
  const TwoRuns runs;
  runs.change("b/run.json", "\"version\": \"", "\"version\": \"9.");
  CHECK_THAT(runs.bisect({"a", "b"}).err, StartsWith("note: b was made by byzsim 9."));
  runs.change("b/run.json", "ieee754-fma", "x86-64-v3");
  const Outcome outcome = runs.bisect({"a", "b"});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("their results are not comparable"));
}

TEST_CASE("bisect refuses what is damaged, with its place") {
  const TwoRuns runs;
  const std::string csv = runs.sandbox().read("b/digests.csv");
  const auto error_with = [&](const std::string& file, const std::string& text) {
    runs.sandbox().write("b/" + file, text);
    const Outcome outcome = runs.bisect({"b"});
    CHECK(outcome.exit_code == 2);
    return outcome.err;
  };
  CHECK_THAT(error_with("digests.csv", "damaged"), StartsWith("error: b/digests.csv: "));
  CHECK_THAT(
      error_with("digests.csv", csv + "x,0,0,0,0\n"),
      StartsWith("error: b/digests.csv: contains \"x\", which is not a number of an event; "));
  CHECK_THAT(error_with("digests.csv", csv + "1,0,0,0,0\n"),
             StartsWith("error: b/digests.csv: events out of order: 1 after "));
  runs.sandbox().write("b/digests.csv", csv);
  CHECK_THAT(error_with("events.jsonl", "{\"event\": 1}\n"),
             StartsWith("error: b/events.jsonl, line 1: is not an event of byzsim: "));
  const std::string events = runs.sandbox().byzsim({"events", "b", "--to", "3"}).out;
  const std::size_t second = events.find('\n') + 1, third = events.find('\n', second) + 1;
  CHECK_THAT(error_with("events.jsonl", events.substr(0, second) + events.substr(third)),
             StartsWith("error: b/events.jsonl, line 2: events out of order: 3 after 1; "));
  CHECK_THAT(error_with("events.jsonl", "nothing\n"),
             StartsWith("error: b/events.jsonl, line 1: "));
}

TEST_CASE("events prints the events asked for, and they read back as they were") {
  const TwoRuns runs;
  const Outcome outcome = runs.sandbox().byzsim({"events", "a", "--from", "40", "--to", "60"});
  CHECK(outcome.exit_code == 0);
  const std::vector<EventRecord> events = read_events(outcome.out, "events");
  REQUIRE(events.size() == 21);
  CHECK(events.front().event == 40);
  std::string again;
  for (const EventRecord& event : events) again += to_json(event).dump() + "\n";
  CHECK(again == outcome.out);
}

TEST_CASE("events reads back every kind of event") {
  const Json priced = Json::parse(
      tiny_with(R"({"network": {"server_bandwidth": "1 Mbit/s", "serialization": "1 MB/s"}})"));
  for (const Json& json : {priced, Json::parse(tiny_with(R"({"protocol": "consensus_sgd"})"))}) {
    World world(json);
    world.simulation.keep_scheduled();
    std::string lines;
    std::vector<EventRecord> events;
    while (const auto event = next_event(world.simulation)) {
      events.push_back(*event);
      lines += to_json(*event).dump() + "\n";
    }
    CHECK(read_events(lines, "events") == events);
  }
}

TEST_CASE("events refuses a range that the run does not have") {
  const TwoRuns runs;
  CHECK(runs.sandbox().byzsim({"events", "a", "--to", "555"}).err ==
        "error: --to: the run has 554 events, not 555; leave it out to see all\n");
  CHECK(runs.sandbox().byzsim({"events", "a", "--from", "7", "--to", "6"}).exit_code == 2);
}

TEST_CASE("events reports a replay that differs from the stored run") {
  const TwoRuns runs;
  Json run = Json::parse(runs.sandbox().read("b/run.json"));
  run["scenario"]["seed"] = 4;
  runs.sandbox().write("b/run.json", run.dump(2));
  const Outcome outcome = runs.sandbox().byzsim({"events", "b", "--to", "2"});
  CHECK(outcome.exit_code == 3);
  CHECK_THAT(
      outcome.err,
      contains("the replay differs from the stored run: its digests differ after event 4; "));
}

}  // namespace byzsim::process::bisect_command_test
