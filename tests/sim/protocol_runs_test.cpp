// What holds for a run of any protocol: neither threads nor copies change a bit of it.
#include <cstdint>
#include <string>
#include <vector>

#include "core/exact/random.h"
#include "sim/protocols/protocol.h"
#include "tests/catch.h"
#include "tests/sim/graph_scenarios.h"

namespace byzsim::protocol_runs_test {
namespace {

/// A scenario of each protocol that the other files of tests do not run, with an enemy and
/// momentum.
std::vector<Json> attacked_scenarios() {
  std::vector<Json> all = {flooded_async("async_sgd"), flooded_async("kardam"),
                           flooded_async("basgd"),     flooded_async("weighted_async_sgd"),
                           small_learn(false),         small_learn(true)};
  for (Json& json : all) {
    json["optimizer"] = {{"momentum", 0.5}};
    Json& group = json[json.contains("nodes") ? "nodes" : "workers"];
    group["byzantine"]["actual"] = group["byzantine"]["declared"];
  }
  for (const Protocol& protocol : protocols())
    if (protocol.on_graph) {
      Json json = small_gossip(protocol.declaration.name);
      json["name"] = protocol.declaration.name;
      json["optimizer"] = {{"momentum", 0.5}};
      json["nodes"]["byzantine"] = 1;
      json["nodes"]["aggregator"] = {{"name", "clipped_gossip"}, {"parameters", {{"radius", 1}}}};
      json["unsafe"] = true;  // a pair has no majority
      if (json["name"] == "pull_gossip") json["protocol"]["parameters"]["peers"] = 3;
      all.push_back(json);
    }
  all.push_back(small_fed_ms());
  return all;
}

}  // namespace

TEST_CASE("asynchronous and decentralised runs have the same bits on one thread and on three") {
  for (const Json& json : attacked_scenarios()) {
    CAPTURE(json["name"].dump());
    CHECK(digest_of_run(json, 1) == digest_of_run(json, 3));
  }
}

TEST_CASE("copies of asynchronous and decentralised runs continue to the digest of the whole") {
  for (const Json& json : attacked_scenarios())
    for (const std::string momentum_at : {"worker", "server"}) {
      const Json scenario = with(json, "/optimizer/momentum_at", momentum_at);
      World whole(scenario);
      run_to_end(whole.simulation);
      Stream stream(12, Purpose::attack, 0, 0);
      for (int i = 0; i < 4; ++i) {
        const std::uint64_t at = stream.below(whole.simulation.totals().events);
        CAPTURE(json["name"].dump(), momentum_at, at);
        World world(scenario);
        for (std::uint64_t event = 0; event < at; ++event) world.simulation.advance();
        Simulation copy = world.simulation;
        run_to_end(world.simulation);
        run_to_end(copy);
        CHECK(copy.digest() == whole.simulation.digest());
        CHECK(world.simulation.digest() == whole.simulation.digest());
      }
    }
}

TEST_CASE("asynchronous and decentralised runs without numbers reach their last step") {
  for (Json json : attacked_scenarios()) {
    json["numbers"] = "none";
    json["dimension"] = 1000;
    for (const char* key : {"model", "data"}) json.erase(key);
    World world(json);
    run_to_end(world.simulation);
    CAPTURE(json["name"].dump());
    CHECK(world.simulation.trained());
    CHECK(world.simulation.totals().bytes > 4000 * world.simulation.totals().messages);
  }
}

TEST_CASE("attacks of every shape leave asynchronous and decentralised runs going") {
  for (Json json : attacked_scenarios())
    for (const std::string attack :
         {"nan", "infinity", "partial_drop", "a_little_is_enough", "silent"}) {
      json["adversary"] = json.contains("nodes") ? Json{{"nodes", attack}}
                                                 : Json{{"workers", attack}, {"servers", attack}};
      World world(json);
      run_to_end(world.simulation);
      CAPTURE(json["name"].dump(), attack);
      CHECK(world.simulation.trained());
    }
}

}  // namespace byzsim::protocol_runs_test
