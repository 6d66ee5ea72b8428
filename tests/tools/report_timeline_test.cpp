// The timeline of `byzsim report`: a whole run in pieces, and what is shown of all of it.
#include <limits>
#include <map>
#include <set>

#include "tests/tools/report_blocks.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"
#include "tools/report/timeline.h"

namespace byzsim::process::report_timeline_test {
namespace {

// The page of a run of several pieces, made once: 28,000 messages, and 4096 events between two
// cuts.
struct LongRun {
  Json run, timeline;
  std::vector<Json> blocks;
  Json messages, computations;

  LongRun() {
    const Sandbox sandbox;
    const std::string scenario = tiny_with(
        R"({"numbers": "none", "dimension": 10, "steps": 400,
            "network": {"delay": {"name": "pareto"}}})");
    REQUIRE(sandbox.byzsim({"run", "-", "--out", "here"}, scenario).exit_code == 0);
    REQUIRE(sandbox.byzsim({"report", "here"}).exit_code == 0);
    const std::string page = sandbox.read("here/report.html");
    timeline = data_of_page(page)["timeline"];
    run = Json::parse(sandbox.read("here/run.json"));
    blocks = blocks_of(page);
    messages = rows_of(blocks, messages_of, 5);
    computations = rows_of(blocks, computations_of, 4);
  }
};

const LongRun& long_run() {
  static const LongRun run;
  return run;
}

std::uint64_t sum_of(const Json& numbers) {
  std::uint64_t sum = 0;
  for (const Json& each : numbers) sum += each.get<std::uint64_t>();
  return sum;
}

}  // namespace

TEST_CASE("an event is in the smallest piece that holds all of it") {
  using Place = std::pair<int, std::size_t>;
  const std::vector<SimTime> cuts = {10, 20, 30};
  CHECK(piece_of(1, 9, cuts) == Place(0, 0));
  CHECK(piece_of(10, 19, cuts) == Place(0, 1));  // a cut begins what is after it
  CHECK(piece_of(31, 99, cuts) == Place(0, 3));
  CHECK(piece_of(5, 15, cuts) == Place(1, 0));
  CHECK(piece_of(25, 35, cuts) == Place(1, 1));
  CHECK(piece_of(15, 25, cuts) == Place(2, 0));  // the middle cut is within it
  CHECK(piece_of(0, 99, cuts) == Place(2, 0));
  CHECK(piece_of(0, 99, {}) == Place(0, 0));
}

TEST_CASE("every message of a long run is in one piece of its timeline") {
  const LongRun& of = long_run();
  CHECK(of.blocks.size() > 7);
  CHECK(of.timeline["pieces"].size() == of.blocks.size() - 1);
  std::uint64_t arrived = 0;
  for (const auto& [verdict, count] : of.run["deliveries"].items())
    arrived += count.get<std::uint64_t>();
  CHECK(of.messages.size() == arrived);
  CHECK(std::set<Json>(of.messages.begin(), of.messages.end()).size() == arrived);
  CHECK(of.timeline["messages"] == arrived);
  CHECK(of.timeline["whole"] == true);
}

TEST_CASE("a piece names the time that its events take, and how many messages it holds") {
  const LongRun& of = long_run();
  for (std::size_t i = 1; i < of.blocks.size(); ++i) {
    std::int64_t begun = std::numeric_limits<std::int64_t>::max(), ended = 0;
    const auto include = [&](const Json& from, const Json& to) {
      begun = std::min(begun, from.get<std::int64_t>());
      ended = std::max(ended, to.get<std::int64_t>());
    };
    const Json messages = messages_of(of.blocks[i]);
    for (const Json& each : messages) include(each[4], each[5]);
    for (const Json& each : computations_of(of.blocks[i])) include(each[3], each[4]);
    CHECK(of.timeline["pieces"][i - 1] == Json::array({begun, ended, messages.size()}));
  }
}

TEST_CASE("a short window of a long run needs a few of its pieces") {
  const LongRun& of = long_run();
  const auto until = of.timeline["until"].get<std::int64_t>();
  const auto middle = until * 2 / 5;
  std::uint64_t held = 0;
  for (const Json& piece : of.timeline["pieces"])
    if (piece[0] <= middle + until / 1000 && piece[1] >= middle)
      held += piece[2].get<std::uint64_t>();
  CHECK(held > 0);
  CHECK(held < of.messages.size() / 2);
}

TEST_CASE("the overview of a timeline counts every message once, by what became of it") {
  const LongRun& of = long_run();
  std::map<std::string, std::uint64_t> counts;
  for (const Json& each : of.messages) {
    const bool byzantine = of.timeline["nodes"][each[0].get<std::size_t>()]["byzantine"];
    const std::string use = of.timeline["uses"][each[6].get<std::size_t>()];
    ++counts[byzantine ? "byzantine" : use];
  }
  CHECK(counts.size() >= 3);
  for (const auto& [kind, bars] : of.timeline["overview"].items()) {
    CHECK(bars.size() == kOverviewBars);
    CHECK(sum_of(bars) == counts[kind]);
  }
}

TEST_CASE("a step begins on the timeline with the first event of it or of a later step") {
  const LongRun& of = long_run();
  std::map<std::int64_t, std::int64_t> first;  // by step
  const auto include = [&](const Json& step, const Json& time) {
    const auto [place, is_new] = first.emplace(step, time);
    if (!is_new) place->second = std::min(place->second, time.get<std::int64_t>());
  };
  for (const Json& each : of.messages) include(each[3], each[5]);
  for (const Json& each : of.computations) include(each[2], each[4]);
  std::int64_t step = of.blocks[0]["first"], time = 0;
  CHECK(step == 0);
  CHECK(of.blocks[0]["steps"].size() == first.size());
  for (const Json& difference : of.blocks[0]["steps"]) {
    time += difference.get<std::int64_t>();
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    for (auto each = first.lower_bound(step); each != first.end(); ++each)
      least = std::min(least, each->second);
    CHECK(time == least);
    ++step;
  }
}

TEST_CASE("the pairs of nodes of a timeline count the messages that were used, and all") {
  const LongRun& of = long_run();
  const Json& pairs = of.blocks[0]["pairs"];
  CHECK(sum_of(pairs[4]) == of.messages.size());
  const Json& deliveries = of.run["deliveries"];
  CHECK(sum_of(pairs[3]) ==
        deliveries["counted"].get<std::uint64_t>() + deliveries["buffered"].get<std::uint64_t>());
}

TEST_CASE("nodes of a role to which nothing happens are not shown on the timeline") {
  const Sandbox sandbox;
  const std::string learn = tiny_with(
      R"({"protocol": "learn", "servers": {"count": 7}, "workers": {"byzantine":
          {"declared": 1, "actual": 1}}})");  // an earlier form, whose nodes had two roles
  REQUIRE(sandbox.byzsim({"run", "-", "--out", "here"}, learn).exit_code == 0);
  REQUIRE(sandbox.byzsim({"report", "here"}).exit_code == 0);
  const std::string page = sandbox.read("here/report.html");
  const Json data = data_of_page(page);
  for (const Json& node : data["timeline"]["nodes"])
    CHECK(node["shown"] == node["name"].get<std::string>().starts_with("node"));
}

}  // namespace byzsim::process::report_timeline_test
