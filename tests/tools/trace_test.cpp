// `byzsim run --trace`: what Perfetto needs of the file, which we cannot open here.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"

namespace byzsim::process::trace_test {
namespace {

using Events = std::vector<Json>;

// The tiny scenario, with a node that stands still, messages that come twice and wires with a
// price.
const std::string kTroubled = R"({
  "network": {"server_bandwidth": "1 Mbit/s",
              "faults": [{"name": "crash", "parameters":
                           {"nodes": "worker 0", "start": "3 ms", "end": "9 ms"}},
                         {"name": "duplication", "parameters": {"probability": 0.3}}]}})";

// A server that is two.
const std::string kTwins = R"({"adversary": {"servers": "twins"}})";

struct Traced {
  Json run;
  Json file;

  Events of_kind(const std::string& kind) const {
    Events events;
    for (const Json& event : file["traceEvents"])
      if (event["ph"] == kind) events.push_back(event);
    return events;
  }
  std::uint64_t delivered() const {
    std::uint64_t sum = 0;
    for (const Json& count : run["deliveries"]) sum += count.get<std::uint64_t>();
    return sum;
  }
};

Traced traced(const std::string& changes = "{}") {
  const Sandbox sandbox;
  const Outcome outcome =
      sandbox.byzsim({"run", "-", "--json", "--trace", "events.json"}, tiny_with(changes));
  if (outcome.exit_code != 0) throw std::runtime_error(outcome.err);
  return {Json::parse(outcome.out), Json::parse(sandbox.read("events.json"))};
}

// Microseconds with three decimals, as whole nanoseconds.
std::int64_t nanoseconds(const Json& microseconds) {
  return std::llround(microseconds.get<double>() * 1000);
}

std::int64_t begin_of(const Json& event) { return nanoseconds(event["ts"]); }
std::int64_t end_of(const Json& slice) { return begin_of(slice) + nanoseconds(slice["dur"]); }
std::string thread_of(const Json& event) { return event["pid"].dump() + "/" + event["tid"].dump(); }

std::map<std::string, std::string> names_of_threads(const Traced& trace) {
  std::map<std::string, std::string> names;
  for (const Json& event : trace.of_kind("M"))
    if (event["name"] == "thread_name") names[thread_of(event)] = event["args"]["name"];
  return names;
}

Events slices_named(const Traced& trace, const std::string& beginning) {
  Events found;
  for (const Json& slice : trace.of_kind("X"))
    if (slice["name"].get<std::string>().rfind(beginning, 0) == 0) found.push_back(slice);
  return found;
}

}  // namespace

TEST_CASE("a trace has a process for each role and one for the run") {
  std::set<std::string> names;
  for (const Json& event : traced().of_kind("M"))
    if (event["name"] == "process_name") names.insert(event["args"]["name"].get<std::string>());
  CHECK(names == std::set<std::string>{"servers", "workers", "run"});
}

TEST_CASE("a trace has two named threads for every node") {
  std::set<std::string> names;
  for (const auto& [thread, name] : names_of_threads(traced())) names.insert(name);
  CHECK(names.size() == 2 * (5 + 7));
  for (const char* name : {"server 0", "server 0: messages", "server 4 (Byzantine)", "worker 4",
                           "worker 5 (Byzantine)", "worker 6 (Byzantine): messages"})
    CHECK(names.count(name) == 1);
}

TEST_CASE("the threads of a trace are sorted by node, computing above messages") {
  const Traced trace = traced();
  const auto names = names_of_threads(trace);
  std::map<int, std::string> servers;
  for (const Json& event : trace.of_kind("M"))
    if (event["name"] == "thread_sort_index" && event["pid"] == 1)
      servers[event["args"]["sort_index"].get<int>()] = names.at(thread_of(event));
  CHECK(servers[0] == "server 0");
  CHECK(servers[2] == "server 0: messages");
  CHECK(servers[3] == "server 1");
  CHECK(servers[14] == "server 4 (Byzantine): messages");
}

TEST_CASE("every event of a trace stands on a thread that has a name") {
  const Traced trace = traced(kTroubled);
  const auto names = names_of_threads(trace);
  for (const char* kind : {"X", "s", "f"})
    for (const Json& event : trace.of_kind(kind)) REQUIRE(names.count(thread_of(event)) == 1);
}

TEST_CASE("what a twin computes stands on a thread of its own, below the other's") {
  const Traced trace = traced(kTwins);
  const auto names = names_of_threads(trace);
  std::map<std::string, int> computations;
  for (const Json& slice : slices_named(trace, "model step"))
    ++computations[names.at(thread_of(slice))];
  CHECK(computations["server 4 (Byzantine)"] > 0);
  CHECK(computations["server 4 (Byzantine): its twin"] > 0);
  CHECK(computations.count("server 3: its twin") == 0);
}

TEST_CASE("slices of one thread of a trace never overlap") {
  for (const std::string& changes : {std::string("{}"), kTroubled, kTwins}) {
    std::map<std::string, Events> threads;
    for (const Json& slice : traced(changes).of_kind("X"))
      threads[thread_of(slice)].push_back(slice);
    CHECK(threads.size() == 2 * (5 + 7) + (changes == kTwins ? 1 : 0));
    for (auto& [thread, slices] : threads) {
      std::stable_sort(slices.begin(), slices.end(),
                       [](const Json& a, const Json& b) { return begin_of(a) < begin_of(b); });
      for (std::size_t i = 1; i < slices.size(); ++i)
        REQUIRE(begin_of(slices[i]) >= end_of(slices[i - 1]));
    }
  }
}

TEST_CASE("every flow of a trace has one start and one finish, which is not before it") {
  const Traced trace = traced(kTroubled);
  std::map<std::uint64_t, Events> starts, finishes;
  for (const Json& event : trace.of_kind("s"))
    starts[event["id"].get<std::uint64_t>()].push_back(event);
  for (const Json& event : trace.of_kind("f"))
    finishes[event["id"].get<std::uint64_t>()].push_back(event);
  CHECK(starts.size() == trace.delivered());
  CHECK(finishes.size() == trace.delivered());
  for (const auto& [id, start] : starts) {
    REQUIRE(start.size() == 1);
    REQUIRE(finishes[id].size() == 1);
    const Json& finish = finishes[id][0];
    REQUIRE(begin_of(finish) >= begin_of(start[0]));
    REQUIRE(finish["bp"] == "e");
    // Readers pair the ends by all three.
    REQUIRE(finish["cat"] == start[0]["cat"]);
    REQUIRE(finish["name"] == start[0]["name"]);
  }
}

TEST_CASE("every end of a flow comes after a slice of its name, at its time and thread") {
  const Traced trace = traced(kTroubled);
  std::set<std::string> slices;
  int ends = 0;
  for (const Json& event : trace.file["traceEvents"]) {
    const auto at = [&](const std::string& name) {
      return name + " " + thread_of(event) + " " + event["ts"].dump();
    };
    const std::string name = event["name"].get<std::string>();
    if (event["ph"] == "X") slices.insert(at(name));
    if (event["ph"] == "s") REQUIRE(slices.count(at("send " + name)) == 1);
    if (event["ph"] == "f") REQUIRE(slices.count(at("receive " + name)) == 1);
    ends += event["ph"] == "s" || event["ph"] == "f";
  }
  CHECK(ends > 0);
}

TEST_CASE("what a node says to many is one slice of a trace, with an arrow to each of them") {
  const Traced trace = traced();
  const Events slices = slices_named(trace, "send model step 2");
  CHECK(slices.size() == 5);  // one of each server, Byzantine or not
  std::map<std::string, int> arrows;
  for (const Json& event : trace.of_kind("s"))
    if (event["name"] == "model step 2") ++arrows[thread_of(event)];
  for (const Json& slice : slices) CHECK(arrows[thread_of(slice)] == 7);
}

TEST_CASE("a trace shows each gradient with its step and its computing time") {
  const Traced trace = traced(
      R"({"compute": {"gradient": {"name": "constant", "parameters": {"value": "2500 ns"}}}})");
  const Events slices = slices_named(trace, "gradient step 3");
  CHECK(slices.size() == 7);  // one of each worker
  for (const Json& slice : slices) {
    CHECK(slice["pid"] == 2);
    CHECK(slice["dur"] == 2.5);  // microseconds
  }
}

TEST_CASE("a trace shows every message where it arrives, and its verdict") {
  const Traced trace = traced();
  const Events received = slices_named(trace, "receive ");
  CHECK(received.size() == trace.delivered());
  std::map<std::string, std::uint64_t> verdicts;
  for (const Json& slice : received) ++verdicts[slice["args"]["verdict"].get<std::string>()];
  for (const auto& [verdict, count] : trace.run["deliveries"].items())
    CHECK(verdicts[verdict] == count.get<std::uint64_t>());
}

TEST_CASE("a message of a trace says its phase, its step and its sender") {
  const Events slices = slices_named(traced(), "receive gradient step 2");
  CHECK(slices.size() == 5 * 7);  // of 7 workers at 5 servers
  const Json& arguments = slices[0]["args"];
  CHECK(arguments["phase"] == "gradient");
  CHECK(arguments["step"] == 2);
  CHECK_THAT(arguments["from"].get<std::string>(), StartsWith("worker "));
}

TEST_CASE("drift and loss of every row are counters of a trace, at the row's time") {
  const Traced trace = traced();
  std::map<std::string, Events> counters;
  for (const Json& event : trace.of_kind("C"))
    counters[event["name"].get<std::string>()].push_back(event);
  REQUIRE(counters["drift"].size() == 4);  // steps 0, 2, 4 and 6
  REQUIRE(counters["loss"].size() == 4);
  const Json& last = counters["loss"].back();
  CHECK(last["args"]["loss"] == trace.run["final"]["loss"]);
  CHECK(last["ts"].get<double>() ==
        Approx(1e6 * trace.run["simulated_seconds"].get<double>()).epsilon(1e-12));
  CHECK(counters["drift"].back()["args"]["drift"] == trace.run["final"]["drift"]);
}

TEST_CASE("a value that is not finite is no counter of a trace") {
  const Traced trace =
      traced(R"({"model": "mlp", "optimizer": {"rate": {"parameters": {"initial": 1e30}}}})");
  REQUIRE(trace.run["final"]["loss"].is_null());
  std::size_t losses = 0;
  for (const Json& event : trace.of_kind("C")) losses += event["name"] == "loss";
  CHECK(losses < 4);
}

TEST_CASE("option --trace changes no digest") {
  CHECK(tiny_run({"--trace", "events.json"})["digest"] == tiny_run()["digest"]);
}

TEST_CASE("option --trace of a run that is there already writes the trace all the same") {
  const Sandbox sandbox;
  REQUIRE(sandbox.byzsim({"run", "-", "--out", "here"}, kTinyScenario).exit_code == 0);
  const Outcome outcome =
      sandbox.byzsim({"run", "-", "--out", "here", "--trace", "events.json"}, kTinyScenario);
  CHECK(outcome.exit_code == 0);
  CHECK(sandbox.holds("events.json"));
}

TEST_CASE("option --trace to a directory that does not exist is refused") {
  const Outcome outcome =
      Sandbox().byzsim({"run", "-", "--trace", "nowhere/events.json"}, kTinyScenario);
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("--trace nowhere/events.json: cannot write: No such "
                                   "file or directory"));
}

TEST_CASE("a run that is refused on its way leaves no trace, and an older one as it was") {
  const Sandbox sandbox;
  sandbox.write("events.json", "older");
  for (const char* setting : {"/steps=-3",
                              "/compute/gradient={\"name\": \"pareto\", \"parameters\": "
                              "{\"minimum\": \"1000000 s\", \"alpha\": 0.1}}"})
    for (const char* file : {"events.json", "other.json"}) {
      CAPTURE(setting, file);
      const Outcome outcome =
          sandbox.byzsim({"run", "-", "--trace", file, "--set", setting}, kTinyScenario);
      CHECK(outcome.exit_code == 2);
      CHECK(sandbox.read("events.json") == "older");
      CHECK(std::distance(fs::directory_iterator(sandbox.path()), fs::directory_iterator()) == 1);
    }
}

TEST_CASE("a trace that does not fit on its disk is refused by its name") {
  // A short trace meets the full disk when it is completed, a long one in its midst.
  for (const char* steps : {"/steps=1", "/steps=50"}) {
    const Outcome outcome =
        Sandbox().byzsim({"run", "-", "--trace", "/dev/full", "--set", steps}, kTinyScenario);
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, contains("--trace /dev/full: cannot write: No space left on "
                                     "device; free some space"));
  }
}

}  // namespace byzsim::process::trace_test
