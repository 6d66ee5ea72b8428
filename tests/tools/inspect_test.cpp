// Time travel through a run: wherever one goes and by whichever way, everything is as in the
// straight run; and whatever is typed is answered or refused with a sentence.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "core/exact/digest.h"
#include "core/exact/random.h"
#include "core/input/issue.h"
#include "tests/catch.h"
#include "tests/sim/golden_scenarios.h"
#include "tests/sim/small_scenarios.h"
#include "tests/tools/address_sanitizer.h"
#include "tests/tools/text_matchers.h"
#include "tools/inspect/line_reader.h"
#include "tools/inspect/moment_view.h"
#include "tools/inspect/node_view.h"
#include "tools/inspect/session.h"

namespace byzsim::inspect_test {
namespace {

using process::contains;

constexpr int kJumps = process::kAddressSanitizer ? 5 : 30;

bool never() { return false; }

/// Golden scenarios name data from the root of the source tree.
class DataRoot {
 public:
  DataRoot() {
    if (const char* before = std::getenv("BYZSIM_DATA")) before_ = before;
    setenv("BYZSIM_DATA", source_directory(), 1);
  }
  ~DataRoot() {
    if (before_)
      setenv("BYZSIM_DATA", before_->c_str(), 1);
    else
      unsetenv("BYZSIM_DATA");
  }

 private:
  std::optional<std::string> before_;
};

/// What a straight run is after each event, from event 0 on.
struct Straight {
  struct Row {
    LayerValues layers;
    SimTime time;
    std::int64_t step;
  };
  explicit Straight(const Json& json) {
    World world(json, 2);
    rows.push_back(row_of(world.simulation));
    while (world.simulation.advance()) rows.push_back(row_of(world.simulation));
  }
  static Row row_of(const Simulation& simulation) {
    return {values_of(simulation.digest()), simulation.now(), simulation.step()};
  }
  std::size_t first_of_step(std::int64_t step) const {
    std::size_t event = 0;
    while (rows[event].step < step) ++event;
    return event;
  }
  std::size_t last_until(SimTime time) const {
    std::size_t event = rows.size() - 1;
    while (rows[event].time > time) --event;
    return event;
  }
  std::vector<Row> rows;
};

/// A place drawn, and the event where it should lead.
std::pair<MomentName, std::size_t> drawn_place(const Straight& straight, Stream& stream) {
  const std::size_t event = stream.below(straight.rows.size());
  const Straight::Row& row = straight.rows[event];
  switch (stream.below(3)) {
    case 0:
      return {{NamedBy::step, row.step}, straight.first_of_step(row.step)};
    case 1:
      return {{NamedBy::time, row.time}, straight.last_until(row.time)};
    default:
      return {{NamedBy::event, static_cast<std::int64_t>(event)}, event};
  }
}

/// The session of a small run, and what it answers.
struct Talk {
  explicit Talk(const Json& json, CopyLimits limits = {})
      : history(read(json), 1, {}, limits), session(history, never) {}
  std::string operator()(const std::string& line) { return session.run(line); }
  /// What it says where it refuses; empty where it does not.
  std::string refusal(const std::string& line) {
    try {
      session.run(line);
      return "";
    } catch (const InputError& error) {
      return error.what();
    }
  }
  std::uint64_t event() const { return history.now().event(); }

  History history;
  Session session;
};

}  // namespace

TEST_CASE("random jumps over every golden scenario lead to the digests of the straight run") {
  const DataRoot root;
  for (const auto& [name, json] : golden_scenarios()) {
    const Straight straight(json);
    // Few copies, so that they are thinned, too.
    History history(read(json), 2, {}, {.events = 40, .computations = 10, .copies = 6});
    Stream stream(41, Purpose::attack, 0, 0);
    for (int i = 0; i < kJumps; ++i) {
      const auto [place, event] = drawn_place(straight, stream);
      CAPTURE(name, i, to_string(place));
      CHECK(history.go(place, never) == Reached::there);
      CHECK(history.now().event() == event);
      CHECK(values_of(history.now().simulation.digest()) == straight.rows[event].layers);
      CHECK(history.copies() <= 6);
      const Json shown = *moment_json(history, never);
      CHECK(shown["event"] == event);
      const Scenario& scenario = history.scenario();
      // Where every node is server and worker at once, none is a worker.
      const std::int64_t workers = scenario.one_role ? 0 : scenario.workers.count;
      CHECK(std::int64_t(shown["nodes"].size()) >= scenario.servers.count + workers);
      CHECK_NOTHROW(shown.dump());
    }
  }
}

TEST_CASE("one event back and forth is the same moment, notes of nodes included") {
  Talk talk(small_attacked_byzsgd(), {.events = 16, .computations = 8});
  talk("go event=200");
  const std::string before = moment_json(talk.history, never)->dump();
  talk("back");
  CHECK(talk.event() == 199);
  talk("next");
  CHECK(moment_json(talk.history, never)->dump() == before);
  talk("go end");
  talk("go event=200");
  CHECK(moment_json(talk.history, never)->dump() == before);
}

TEST_CASE("copies stay within their number, and are dense around the present") {
  Talk talk(with(small_attacked_byzsgd(), "/steps", 60),
            {.events = 8, .computations = 1000, .copies = 10});
  talk("go end");
  CHECK(talk.history.copies() <= 10);
  // The events between the present and the copies before it.
  const std::uint64_t end = talk.event();
  talk("back 8");
  CHECK(talk.event() == end - 8);
}

TEST_CASE("a limit of bytes leaves the first copy and the latest") {
  Talk talk(small_attacked_byzsgd(), {.events = 8, .computations = 1000, .copies = 99, .bytes = 1});
  talk("go event=100");
  CHECK(talk.history.copies() == 2);
  talk("go event=50");
  CHECK(talk.event() == 50);
}

TEST_CASE("what nodes wait for is what they then use: from k of q to the whole quorum") {
  const DataRoot root;
  for (const auto& [name, json] : golden_scenarios()) {
    World world(json, 2);
    while (const Occurrence* occurrence = world.simulation.advance()) {
      const std::vector<Awaited> awaits = world.simulation.awaited_by({occurrence->target});
      for (const Awaited& awaited : awaits) {
        CAPTURE(name, occurrence->number, to_string(occurrence->target));
        REQUIRE(awaited.there <= awaited.needed);
        if (!awaited.heard.empty()) REQUIRE(awaited.heard.size() == awaited.there);
      }
    }
  }
}

TEST_CASE("a server that has received one of four gradients waits for the others") {
  Talk talk(steady(small_sgd()));
  CHECK_THAT(talk("nodes"), contains("waits"));
  CHECK_THAT(talk("until server 0 receives worker 2"),
             contains("server 0 receives the gradient of step 0 of worker 2"));
  CHECK_THAT(talk("nodes servers"), contains("the gradient of step 0: 3 of 4"));
  CHECK_THAT(talk("node server 0"), contains("worker 1  digest"));
  talk("until server 0 adopts");
  CHECK_THAT(talk("node \"server 0\""), contains("used last: the gradient of step 0 from 4 nodes"));
  CHECK_THAT(talk("where"), contains("step 1 of"));
}

TEST_CASE("a node that is down is shown as down, and for how long") {
  const Json crash = {
      {{"name", "crash"},
       {"parameters", {{"nodes", "worker 1"}, {"start", "0 ms"}, {"end", "5 ms"}}}}};
  Talk talk(with(steady(small_sgd()), "/network/faults", crash));
  talk("go time=2ms");
  CHECK_THAT(talk("nodes worker 1"), contains("is down until 5 ms"));
  talk("go time=6ms");
  CHECK_THAT(talk("nodes worker 1"), !contains("is down"));
}

TEST_CASE("each condition ends in the event that it names") {
  Talk talk(small_attacked_byzsgd());
  for (const auto& [line, expected] : std::map<std::string, std::string>{
           {"until worker 3 computes", "receives the model"},
           {"until worker 3 sends gradient", "worker 3 has computed the gradient"},
           {"until server 1 receives worker 4 gradient", "server 1 receives the gradient"},
           {"until server 1 hears worker 4", "server 1 receives the gradient"},
           {"until server 2 adopts", "server 2 starts"},
           {"until drift > 0", "has computed the model"},
           {"until distance>0", "has computed the model"}}) {
    talk("go start");
    CAPTURE(line);
    CHECK_THAT(talk(line), contains(expected));
    CHECK(talk.event() > 0);
  }
  CHECK_THAT(talk("until drift > 1e30"), contains("the run ends before that happens"));
}

TEST_CASE("a metric's condition looks at the rows of metrics.csv") {
  const Json json = small_attacked_byzsgd();
  World world(json);
  run_to_end(world.simulation);
  const MetricsRow& last = world.simulation.metrics().back();
  const MetricsRow* first = nullptr;
  for (const MetricsRow& row : world.simulation.metrics())
    if (!first && *row.loss <= *last.loss) first = &row;
  Talk talk(json);
  talk(fmt::format("until loss <= {}", *last.loss));
  CHECK(talk.history.now().simulation.step() == first->step);
  CHECK(seconds(talk.history.now().simulation.now()) == first->simulated_seconds);
  CHECK_THAT(talk("metrics"), contains(fmt::format("{:26}{}\n", "loss", *first->loss)));
}

TEST_CASE("the chain of causes goes back to the start, each event before the next") {
  Talk talk(small_attacked_byzsgd(), {.events = 16, .computations = 8});
  talk("go event=300");
  const std::vector<std::uint64_t> chain = causes_of(talk.history, 300);
  CHECK(chain.front() == 300);
  CHECK(chain.back() <= 12);  // one of the starts of twelve nodes
  CHECK(std::is_sorted(chain.rbegin(), chain.rend()));
  World world(small_attacked_byzsgd());
  for (std::uint64_t event = 1; event <= 300; ++event) {
    const std::uint64_t cause = world.simulation.advance()->cause;
    const auto found = std::find(chain.begin(), chain.end(), event);
    if (found != chain.end()) CHECK(cause == (std::next(found) == chain.end() ? 0 : found[1]));
  }
  const std::string all = talk("why all");
  CHECK(static_cast<std::size_t>(std::count(all.begin(), all.end(), '\n')) == chain.size() + 1);
  CHECK_THAT(all, process::EndsWith("because of the start of the run\n"));
}

TEST_CASE("a message shows the vector that was sent, and a model the one that was adopted") {
  Talk talk(steady(small_sgd()));
  talk("until server 0 receives worker 0");
  const Message* message = talk.history.now().simulation.latest().message();
  CHECK_THAT(talk("message"),
             contains(fmt::format("digest {}, dimension 21: {}", to_hex(message->vector.digest()),
                                  message->vector.values()[0])));
  const auto event = talk.event();
  const std::string shown = talk("message");
  talk("next 5");
  CHECK(talk(fmt::format("message {}", event)) == shown);
  talk("go end");
  const Adopt adopted = *talk.history.now().notes.of({Role::server, 0}).adopted;
  CHECK_THAT(talk("model server 0 20"),
             contains(fmt::format("  20  {}\n", adopted.model.values()[20])));
  CHECK_THAT(talk("model server 0 3-4"), contains("\n  4  "));
  CHECK_THAT(talk.refusal("model server 0 21"), contains("coordinates 0 to 20, not 21"));
}

TEST_CASE("under way is what was sent and has not arrived, by its arrival") {
  Talk talk(steady(small_sgd()));
  talk("until worker 1 receives server 0");
  CHECK_THAT(talk("messages from server 0"), contains("server 0 -> worker 2: the model of step 0"));
  CHECK_THAT(talk("messages to worker 3 first 1"), contains("arrives at 1 ms\n"));
  CHECK_THAT(talk("messages worker 0"), contains("0 messages under way"));
}

TEST_CASE("mistakes name the word, the rule and the remedy") {
  Talk talk(small_attacked_byzsgd());
  talk("next 20");
  for (const auto& [line, expected] : std::vector<std::pair<std::string, std::string>>{
           {"nxt", "unknown command \"nxt\"; did you mean 'next'?"},
           {"go", "go: missing where to go: step=200, time=1.5s or event=12345"},
           {"go 7", "go: \"7\" is not a moment of a run; write step=200"},
           {"go setp=7", "did you mean 'step'?"},
           {"go step=9999", "must be in [0, "},
           {"go time=7", "\"7\" is not a simulated time; write a number with ns"},
           {"go event=-1", "\"-1\" is not the number of an event"},
           {"go event=1234567890123", "write at most 12 digits"},
           {"go start now", "go: unexpected argument \"now\""},
           {"back 21", "back: there are only 20 events before; go start"},
           {"node", "node: missing a node: server 3"},
           {"node server", "node: \"server\" is not a node"},
           {"node server 5", "server 5 is not in this run; it has servers 0 to 4"},
           {"model worker 1", "worker 1 holds no model of its own; name a server"},
           {"model server 0 9-5", "\"9-5\" is an empty range"},
           {"message 21", "must be in [1, 20], the events so far; go there first"},
           {"why x", "\"x\" is not the number of an event"},
           {"until", "missing a condition: drift > 1, or worker 3 sends"},
           {"until drft > 1", "\"drft\" is not a metric or a node; did you mean 'drift'?"},
           {"until drift = 1", "must be one of: >, <, >=, <="},
           {"until drift=1", "is not a moment of a run"},
           {"until drift 1", "must be one of: >, <, >=, <="},
           {"until drift > x", "\"x\" is not a number"},
           {"until worker 3 sneds", "did you mean 'sends'?"},
           {"until worker 3 sends gradeint", "did you mean 'gradient'?"},
           {"messages from here", "\"here\" are not nodes"},
           {"help me", "help: must be one of: go"}}) {
    CAPTURE(line);
    CHECK_THAT(talk.refusal(line), contains(expected));
    CHECK(talk.event() == 20);
  }
}

TEST_CASE("20,000 random lines are answered or refused, and the run stays what it is") {
  Talk talk(small_attacked_byzsgd(), {.events = 32, .computations = 16, .copies = 8});
  std::vector<std::string> words = {
      "server", "worker", "0",        "3",      "4",       "99",           "-",
      ">",      "<=",     "=",        "all",    "from",    "to",           "first",
      "step=3", "time=",  "\"",       "sends",  "drift",   "event=40",     "1e999",
      "2-1",    "go end", "go start", "back 3", "next 40", "model server", "until server 2 adopts",
      "hears",  "nan",    "\xff\xfe", "#",      "event=",  "0-7"};
  for (const InspectorCommand& command : inspector_commands()) words.push_back(command.name);
  Stream stream(53, Purpose::attack, 0, 0);
  const int lines = process::kAddressSanitizer ? 2000 : 20000;
  for (int i = 0; i < lines; ++i) {
    std::string line;
    for (std::uint64_t left = stream.below(6); left > 0; --left)
      line += words[stream.below(words.size())] + (stream.below(9) == 0 ? "" : " ");
    if (stream.below(10) == 0 && !line.empty())
      line[stream.below(line.size())] = static_cast<char>(stream.below(256));
    CAPTURE(i, line);
    REQUIRE_NOTHROW(talk.refusal(line));
  }
  talk("go end");
  CHECK(talk.history.now().simulation.digest() == digest_of_run(small_attacked_byzsgd()));
}

TEST_CASE("lines of any length and kind are read from a pipe, up to its end") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  const std::string text = "where\n\n" + std::string(9000, 'x') + "\nlast";
  REQUIRE(::write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  ::close(ends[1]);
  LineReader reader(ends[0]);
  CHECK(reader.next() == "where");
  CHECK(reader.next() == "");
  CHECK(reader.next() == std::string(LineReader::kMostBytes, 'x'));
  CHECK(reader.next() == "last");
  CHECK(reader.next() == std::nullopt);
  ::close(ends[0]);
}

}  // namespace byzsim::inspect_test
