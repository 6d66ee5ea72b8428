// Which smaller scenarios are tried, and what becomes of those that hold.
#include "tools/shrink/shrinking.h"

#include <algorithm>
#include <functional>

#include "tests/catch.h"
#include "tests/sim/graph_scenarios.h"
#include "tests/sim/small_scenarios.h"
#include "tools/shrink/fewer_nodes.h"
#include "tools/shrink/minimal_json.h"

namespace byzsim::shrinking_test {
namespace {

/// Shrinks to the end, so many attempts at a time, without running anything.
Shrinking shrunk(const Json& json, const std::function<bool(const Scenario&)>& holds,
                 std::size_t at_a_time = 1, std::int64_t evaluations = 10000) {
  Shrinking shrinking(read(json), evaluations);
  while (true) {
    const std::vector<Attempt> attempts = shrinking.attempts(at_a_time);
    if (attempts.empty()) return shrinking;
    std::vector<AttemptResult> results;
    for (const Attempt& each : attempts) results.push_back({holds(each.scenario)});
    shrinking.learn(attempts, results);
  }
}

/// A fault that takes a slow link from the first of three servers, and seven steps.
bool has_fault(const Scenario& scenario) {
  for (const LinkDelay& link : scenario.links)
    if (link.from == "server 0" && scenario.servers.count >= 3) return scenario.steps >= 7;
  return false;
}

Json with_links(int count) {
  Json json = with(small_byzsgd(), "/steps", 400);
  for (int i = 0; i < count; ++i)
    json["network"]["links"].push_back(
        {{"from", "server " + std::to_string(i % 5)}, {"to", "worker 1"}});
  json["optimizer"] = {{"momentum", 0.123456}};
  return json;
}

}  // namespace

TEST_CASE("the minimal JSON of a scenario reads as the same scenario, and holds no default",
          "[shrink]") {
  const Scenario scenario = read(small_attacked_byzsgd());
  const Json minimal = minimal_json(scenario);
  CHECK(write(read(minimal)) == write(scenario));
  CHECK_FALSE(minimal.contains("network"));
  CHECK_FALSE(minimal["servers"].contains("quorum"));
  CHECK(minimal["protocol"] == Json::parse(R"({"parameters": {"gather_period": 2}})"));
  CHECK(minimal["workers"]["count"] == 7);
  for (const std::string& pointer : what_can_be_left_out(minimal)) {
    CAPTURE(pointer);
    CHECK(id_of_json(without(minimal, pointer)) != id_of_json(minimal));
  }
}

TEST_CASE("sizes go up by halves, and end with an eighth, a sixteenth, one less", "[shrink]") {
  CHECK(sizes_below(1).empty());
  CHECK(sizes_below(2) == std::vector<std::int64_t>{1});
  CHECK(sizes_below(40) == std::vector<std::int64_t>{1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 35, 38, 39});
}

TEST_CASE("of a scenario the least that holds is left", "[shrink]") {
  const Scenario least = shrunk(with_links(12), has_fault).scenario();
  CHECK(least.steps == 7);
  CHECK(least.links.size() == 1);
  CHECK(least.servers.count == 3);
  CHECK(least.workers.count == 1);
  CHECK(least.momentum == 0);
  CHECK(least.model.name == "quadratic");
  CHECK(least.data.name == "points");
}

TEST_CASE("a single step less, or any entry less, is no longer what holds", "[shrink]") {
  const auto steps = [](const Scenario& scenario) { return scenario.steps >= 37; };
  CHECK(shrunk(small_byzsgd(), steps).scenario().steps == 6);
  CHECK(shrunk(with(small_byzsgd(), "/steps", 400), steps).scenario().steps == 37);
  const auto two_links = [](const Scenario& scenario) {
    int from_0 = 0, from_3 = 0;
    for (const LinkDelay& link : scenario.links) {
      from_0 += link.from == "server 0";
      from_3 += link.from == "server 3";
    }
    return from_0 >= 1 && from_3 >= 1;
  };
  CHECK(shrunk(with_links(13), two_links).scenario().links.size() == 2);
}

TEST_CASE("a script keeps the one decision that matters, whatever nodes and steps go", "[shrink]") {
  Json json = with(small_attacked_byzsgd(), "/steps", 40);
  for (int step = 1; step <= 30; ++step)
    json["adversary"]["script"]["deliveries"].push_back({{"from", "server 2"},
                                                         {"to", "worker 4"},
                                                         {"phase", "model"},
                                                         {"step", step},
                                                         {"delay", "12.345 ms"}});
  const auto late_at_nine = [](const Scenario& scenario) {
    const auto& all = scenario.script.deliveries;
    return std::any_of(all.begin(), all.end(), [](const ScriptedDelivery& each) {
      return each.key.step == 9 && each.delay >= 12'000'000;
    });
  };
  const Scenario least = shrunk(json, late_at_nine).scenario();
  CHECK(least.steps == 9);
  REQUIRE(least.script.deliveries.size() == 1);
  CHECK(least.script.deliveries[0].delay == 12'000'000);
  CHECK(least.servers.count == 2);  // ByzSGD asks for n >= 3f + 2
  CHECK(least.script.deliveries[0].sender == NodeId{Role::server, 1});
}

TEST_CASE("unused entries of a script are removed first, all at once", "[shrink]") {
  Json json = with(small_attacked_byzsgd(), "/steps", 40);
  for (int step = 1; step <= 4; ++step)
    json["adversary"]["script"]["deliveries"].push_back({{"from", "server 2"},
                                                         {"to", "worker 4"},
                                                         {"phase", "model"},
                                                         {"step", step},
                                                         {"delay", "12 ms"}});
  const std::string list = "/adversary/script/deliveries/";
  Shrinking shrinking(read(json), 100, {list + "0", list + "2"});
  const auto first = shrinking.attempts(1);
  REQUIRE(first.size() == 1);
  CHECK(first[0].what == "2 entries of the script, for messages never sent");
  REQUIRE(shrinking.learn(first, {{true, {list + "1"}}}));
  const auto second = shrinking.attempts(1);
  REQUIRE(second.size() == 1);
  REQUIRE(second[0].scenario.script.deliveries.size() == 1);
  CHECK(second[0].scenario.script.deliveries[0].key.step == 2);
  shrinking.learn(second, {{false}});
  CHECK(shrinking.attempts(1)[0].what == "steps 40 -> 1");
}

TEST_CASE("the outcome does not depend on how many are tried at a time", "[shrink]") {
  const Shrinking alone = shrunk(with_links(5), has_fault, 1);
  const Shrinking together = shrunk(with_links(5), has_fault, 7);
  CHECK(together.json() == alone.json());
  CHECK(together.evaluations() == alone.evaluations());
}

TEST_CASE("shrinking stops where its evaluations end", "[shrink]") {
  const Shrinking shrinking = shrunk(with_links(5), has_fault, 4, 10);
  CHECK(shrinking.evaluations() == 10);
  CHECK(shrinking.is_exhausted());
  CHECK(shrinking.scenario().steps == 7);  // tried: 1, 2, 3, 4, 6, then 8, which holds, then 7
}

TEST_CASE("numbers keep the fewest digits that hold", "[shrink]") {
  const auto about = [](const Scenario& scenario) {
    return scenario.momentum > 0.115 && scenario.momentum < 0.13;
  };
  CHECK(shrunk(with_links(0), about).scenario().momentum == 0.12);
}

TEST_CASE("taking nodes out counts those behind them anew wherever they are named", "[shrink]") {
  Json json = small_byzsgd();
  json["servers"]["byzantine"]["actual"] = 1;
  json["servers"]["start"] = {0, 1, 2, 3};
  json["network"]["links"] = {{{"from", "server 0"}, {"to", "workers 1-3"}},
                              {{"from", "server 1"}, {"to", "all"}},
                              {{"from", "servers 0-2"}, {"to", "server 4"}}};
  const Json fewer = without_nodes(json, Role::server, 1, 2);
  CHECK(fewer["servers"]["count"] == 3);
  CHECK(fewer["servers"]["byzantine"]["actual"] == 1);
  CHECK(fewer["servers"]["start"] == Json({0, 3}));
  CHECK(fewer["network"]["links"] == Json::parse(R"([{"from": "server 0", "to": "workers 1-3"},
                                                     {"from": "servers 0-0", "to": "server 2"}])"));
  CHECK(without_nodes(json, Role::server, 3, 2)["servers"]["byzantine"]["actual"] == 0);
}

TEST_CASE("nodes of a graph that are taken out renumber those after them", "[shrink]") {
  Json json = write(read(small_gossip()));
  json["network"]["faults"] = Json::parse(R"([{"name": "straggler", "parameters":
                                               {"nodes": "node 5", "factor": 3}}])");
  const Json fewer = without_nodes(json, Role::server, 1, 2);
  CHECK(fewer["nodes"]["count"] == 6);  // of eight
  CHECK(fewer["network"]["faults"][0]["parameters"]["nodes"] == "node 3");
}

TEST_CASE("of a scenario on a graph the fewest nodes that hold are left", "[shrink]") {
  const auto five = [](const Scenario& scenario) { return scenario.servers.count >= 5; };
  const Scenario smallest = shrunk(small_gossip(), five).scenario();
  CHECK(smallest.servers.count == 5);
  CHECK(smallest.steps == 1);
  CHECK(smallest.model.name == "quadratic");
}

}  // namespace byzsim::shrinking_test
