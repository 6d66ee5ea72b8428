// Gossip without rounds.
#include "tests/catch.h"
#include "tests/sim/graph_scenarios.h"

namespace byzsim::async_gossip_test {
namespace {

Json slowed(Json json, double factor) {
  json["compute"] = {{"gradient", {{"name", "constant"}, {"parameters", {{"value", "10 ms"}}}}}};
  json["network"] = {
      {"delay", {{"name", "constant"}, {"parameters", {{"value", "1 ms"}}}}},
      {"faults",
       {{{"name", "straggler"}, {"parameters", {{"nodes", "node 0"}, {"factor", factor}}}}}}};
  return json;
}

// When the last node that is not slowed has made its last step.
SimTime others_end(const Json& json) {
  World world(json);
  SimTime end = 0;
  for (const Occurrence& event : run_to_end(world.simulation))
    if (event.computation() && event.target.index != 0) end = event.time;
  return end;
}

}  // namespace

TEST_CASE("a slow neighbour delays a node in rounds, and nobody without them") {
  const Json gossip = slowed(small_gossip("gossip"), 10);
  const Json async = slowed(small_gossip("async_gossip"), 10);
  CHECK(others_end(async) == 6 * 11'000'000);       // 6 steps of 10 ms, and 1 ms to combine
  CHECK(others_end(gossip) > 5 * 10 * 10'000'000);  // they wait for node 0, or for who waits for it
}

TEST_CASE("a message that was overtaken is stale, and the newer one stays") {
  Json json = small_gossip("async_gossip");
  json["steps"] = 30;
  json["network"]["delay"] = {{"name", "exponential"}, {"parameters", {{"mean", "30 ms"}}}};
  json["compute"] = {{"gradient", {{"name", "constant"}, {"parameters", {{"value", "10 ms"}}}}}};
  const Totals totals = totals_of(json);
  CHECK(totals.verdicts[std::size_t(Verdict::stale)] > 0);
  CHECK(totals.verdicts[std::size_t(Verdict::counted)] +
            totals.verdicts[std::size_t(Verdict::stale)] ==
        totals.messages);
}

TEST_CASE("a pair exchanges two vectors, and both combine them") {
  const Json json = small_gossip("pairwise_gossip");
  CHECK(totals_of(json).messages == 6 * 8 * 2);  // an offer and an answer in each step of a node
  World world(json);
  int combined = 0;
  for (const Occurrence& event : run_to_end(world.simulation))
    for (const Deed& deed : event.deeds)
      if (const auto* used = std::get_if<Used>(&deed)) {
        ++combined;
        CHECK(used->consume.heard.size() == 2);
      }
  // Who has made its last step answers, and keeps its model.
  CHECK(combined > 6 * 8 * 2 - 8 * 3);
  CHECK(combined <= 6 * 8 * 2);
}

TEST_CASE("a partner that is silent costs a timeout, and the node goes on alone") {
  Json json = slowed(small_gossip("pairwise_gossip"), 1);
  json["nodes"]["byzantine"] = 1;
  json["nodes"]["tolerated"] = 0;
  json["unsafe"] = true;
  json["adversary"] = {{"nodes", "silent"}};
  json["protocol"]["parameters"]["timeout"] = "50 ms";
  World world(json);
  run_to_end(world.simulation);
  CHECK(world.simulation.trained());
  CHECK(world.simulation.now() >= 6 * 10'000'000 + 50'000'000);
}

TEST_CASE("a vector that is too old is left out of the combination") {
  // Node 0 needs ten steps of the others for one.
  Json json = slowed(small_gossip("async_gossip"), 10);
  json["steps"] = 20;
  const auto counts = [](const Json& scenario) {
    World world(scenario);
    std::size_t least = 5;
    for (const Occurrence& event : run_to_end(world.simulation))
      for (const Deed& deed : event.deeds)
        if (const auto* used = std::get_if<Used>(&deed))
          least = std::min(least, used->consume.heard.size());
    return least;
  };
  CHECK(counts(json) == 5);  // itself and four neighbours
  json["protocol"]["parameters"]["staleness"] = 3;
  CHECK(counts(json) < 5);
}

TEST_CASE("late neighbours leave as many Byzantine vectors among the others as before") {
  // All but the Byzantine node are slow, so that their vectors are soon too old for each other.
  Json json = small_gossip("async_gossip");
  json["steps"] = 12;
  json["nodes"]["byzantine"] = 1;
  json["nodes"]["aggregator"] = "median";
  json["protocol"]["parameters"]["staleness"] = 1;
  json["adversary"]["nodes"] = {{"name", "gaussian"}, {"parameters", {{"deviation", 1e6}}}};
  json["network"] = {{"delay", {{"name", "constant"}, {"parameters", {{"value", "1 ms"}}}}},
                     {"links",
                      {{{"from", "nodes 0-6"},
                        {"to", "nodes 0-6"},
                        {"delay", {{"name", "constant"}, {"parameters", {{"value", "10 s"}}}}}}}}};
  // The median of a node's own vector and a forged one would be half of the latter.
  CHECK(rows_of(json).back().loss.value() < rows_of(json).front().loss.value());
}

}  // namespace byzsim::async_gossip_test
