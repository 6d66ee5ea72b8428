// A coalition follows a script: moves from a step on, delays and words of single messages.
#include "sim/scenario/script.h"

#include <map>
#include <set>

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::script_test {
namespace {

/// small_attacked_byzsgd (server 4 and workers 5 and 6 lie) that takes 1 ms for every message.
Json scripted(const std::string& list, const Json& entries) {
  return with(steady(small_attacked_byzsgd()), "/adversary/script/" + list, entries);
}

struct Travelled {
  SimTime took;
  std::vector<float> vector;
};

/// What a receiver heard of a sender in one phase, by step.
std::map<std::int64_t, Travelled> heard_in(const Json& json, NodeId sender, NodeId receiver,
                                           Phase phase) {
  World world(json);
  std::map<std::int64_t, Travelled> heard;
  for (const Occurrence& event : run_to_end(world.simulation))
    if (event.message() && event.message()->sender == sender && event.target == receiver &&
        event.message()->phase == phase)
      heard[event.message()->step] = {event.time - event.delivery()->sent,
                                      event.message()->vector.values()};
  return heard;
}

constexpr NodeId kLiar{Role::worker, 6};
constexpr NodeId kServer{Role::server, 0};

}  // namespace

TEST_CASE("a delivery decides how long one message travels, and no other") {
  const Json json = scripted("deliveries", {{{"from", "worker 0"},
                                             {"to", "server 0"},
                                             {"phase", "gradient"},
                                             {"step", 2},
                                             {"delay", "3 ms"}}});
  for (const auto& [step, heard] : heard_in(json, {Role::worker, 0}, kServer, Phase::gradient))
    CHECK(heard.took == (step == 2 ? 3'000'000 : 1'000'000));
  for (const auto& [step, heard] :
       heard_in(json, {Role::worker, 0}, {Role::server, 1}, Phase::gradient))
    CHECK(heard.took == 1'000'000);
}

TEST_CASE("a word by value is what its receivers hear, and nobody else") {
  std::vector<float> vector(21, 0.5f);
  Json coordinates = Json::array();
  for (const float each : vector) coordinates.push_back(each);
  coordinates[3] = "inf";
  vector[3] = std::numeric_limits<float>::infinity();
  const Json json = scripted("words", {{{"from", "worker 6"},
                                        {"to", "servers 0-1"},
                                        {"phase", "gradient"},
                                        {"step", 1},
                                        {"vector", coordinates}}});
  CHECK(heard_in(json, kLiar, kServer, Phase::gradient).at(1).vector == vector);
  CHECK(heard_in(json, kLiar, {Role::server, 2}, Phase::gradient).at(1).vector != vector);
  CHECK(heard_in(json, kLiar, kServer, Phase::gradient).at(2).vector != vector);
}

TEST_CASE("a word by reference is the answer of its attack") {
  const Json json = scripted(
      "words", {{{"from", "worker 6"}, {"phase", "gradient"}, {"step", 1}, {"attack", "zero"}}});
  const auto heard = heard_in(json, kLiar, kServer, Phase::gradient);
  CHECK(heard.at(1).vector == std::vector<float>(21, 0.0f));
  CHECK(heard.at(2).vector != std::vector<float>(21, 0.0f));
}

TEST_CASE("a word may be silence") {
  const Json json = scripted("words", {{{"from", "worker 6"},
                                        {"to", "server 0"},
                                        {"phase", "gradient"},
                                        {"step", 1},
                                        {"attack", "silent"}}});
  CHECK(heard_in(json, kLiar, kServer, Phase::gradient).count(1) == 0);
  CHECK(heard_in(json, kLiar, kServer, Phase::gradient).count(2) == 1);
  CHECK(heard_in(json, kLiar, {Role::server, 1}, Phase::gradient).count(1) == 1);
}

TEST_CASE("a move counts from its step until a later one names the same thing") {
  const Json json = scripted("moves", {{{"step", 4}, {"workers", "infinity"}},
                                       {{"step", 2}, {"workers", "zero"}, {"servers", "zero"}}});
  const std::vector<float> zeros(21, 0.0f);
  const auto heard = heard_in(json, kLiar, kServer, Phase::gradient);
  CHECK(heard.at(1).vector != zeros);
  CHECK(heard.at(2).vector == zeros);
  CHECK(heard.at(3).vector == zeros);
  CHECK(std::isinf(heard.at(4).vector[0]));
  CHECK(heard_in(json, {Role::server, 4}, {Role::worker, 0}, Phase::model).at(5).vector == zeros);
}

TEST_CASE("a move to silence ends all that its nodes say") {
  const Json json = scripted("moves", {{{"step", 3}, {"workers", "silent"}}});
  const auto heard = heard_in(json, kLiar, kServer, Phase::gradient);
  CHECK(heard.rbegin()->first == 2);
}

TEST_CASE("a move's scheduler decides about messages of its steps") {
  const Json json = scripted(
      "moves",
      {{{"step", 2}, {"scheduler", {{"name", "keep_apart"}, {"parameters", {{"far", "5 ms"}}}}}}});
  const auto took = heard_in(json, {Role::worker, 0}, {Role::server, 3}, Phase::gradient);
  CHECK(took.at(1).took == 1'000'000);
  CHECK(took.at(2).took == 5'000'000);
}

TEST_CASE("a move's first half is whom schedulers keep together and attacks tell the same") {
  Json move = {{"step", 0},
               {"scheduler", "keep_apart"},
               {"servers", "equivocation"},
               {"first_servers", {0, 3}},
               {"first_workers", {1}}};
  const Json json = scripted("moves", Json::array({move}));
  const auto said = [&](std::uint32_t server) {
    return heard_in(json, {Role::server, 4}, {Role::server, server}, Phase::gather).at(2).vector;
  };
  CHECK(said(0) == said(3));
  CHECK(said(1) == said(2));
  CHECK(said(0)[0] == Approx(said(1)[0] + 2000));  // +-1000
  const auto took = [&](std::uint32_t worker, std::uint32_t server) {
    return heard_in(json, {Role::worker, worker}, {Role::server, server}, Phase::gradient)
        .at(0)
        .took;
  };
  CHECK(took(1, 3) == 1'000'000);   // near
  CHECK(took(0, 3) == 20'000'000);  // far
  CHECK(took(0, 1) == 1'000'000);
}

TEST_CASE("a copy of a simulation may follow another script, with what it remembers") {
  // Until step 3 both are the same; then one says what its workers would have said two steps ago.
  const Json stale = {{"name", "stale_replay"}, {"parameters", {{"steps", 2}}}};
  const Json base = small_attacked_byzsgd();
  const Json moved = with(base, "/adversary/script/moves", {{{"step", 3}, {"workers", stale}}});
  const auto script = std::make_shared<const Script>(read(moved).script);
  const Scenario scenario = read(base);
  World world(base, 1, make_coalition(scenario, std::vector<Script>{*script}));
  while (world.simulation.furthest() < 2) world.simulation.advance();
  Simulation fork = world.simulation;
  fork.follow(script);
  run_to_end(fork);
  run_to_end(world.simulation);
  CHECK(fork.digest() == digest_of_run(moved));
  CHECK(world.simulation.digest() == digest_of_run(base));
  CHECK_FALSE(fork.digest() == world.simulation.digest());
}

TEST_CASE("deliveries and words of messages that were never sent are told by their places") {
  Json json = small_attacked_byzsgd();  // gathers after every second step
  Json& script = json["adversary"]["script"];
  script["deliveries"] = Json::parse(R"([
    {"from": "worker 0", "to": "server 0", "phase": "gradient", "step": 2, "delay": "3 ms"},
    {"from": "server 0", "to": "server 1", "phase": "gather", "step": 3, "delay": "3 ms"}])");
  script["words"] = Json::parse(R"([
    {"from": "server 4", "to": "server 0", "phase": "gather", "step": 3, "attack": "zero"},
    {"from": "server 4", "to": "server 0", "phase": "gather", "step": 4, "attack": "zero"}])");
  World world(json);
  run_to_end(world.simulation);
  CHECK(world.simulation.unused_decisions() ==
        std::vector<std::string>{"/adversary/script/deliveries/1", "/adversary/script/words/0"});
  world.simulation.follow(std::make_shared<const Script>());
  CHECK(world.simulation.unused_decisions().empty());
}

TEST_CASE("what a node is from its first step on no move can make it") {
  for (const auto& [kind, attack] :
       {std::pair{"workers", "twins"}, {"workers", "label_flipping"}, {"servers", "twins"}}) {
    const Scenario scenario = read(scripted("moves", {{{"step", 1}, {kind, attack}}}));
    try {
      make_adversary(scenario);
      FAIL("a move to " << attack << " was taken");
    } catch (const InputError& error) {
      CHECK(error.issues()[0].where == std::string("/adversary/script/moves/0/") + kind);
    }
  }
}

}  // namespace byzsim::script_test
