// Nodes of a graph are called nodes wherever a scenario names them, and it has no workers.
#include <memory>
#include <set>
#include <string>

#include "adversaries/coalition.h"
#include "adversaries/known_strategies.h"
#include "adversaries/recorder.h"
#include "adversaries/search/candidate_moves.h"
#include "sim/scenario/scenario_json.h"
#include "tests/catch.h"
#include "tests/sim/graph_scenarios.h"

namespace byzsim::graph_names_test {
namespace {

Json attacked_gossip(const Json& script = Json()) {
  Json json = small_gossip();
  json["nodes"]["byzantine"] = 1;
  json["adversary"] = {{"nodes", "sign_flipping"}};
  if (!script.is_null()) json["adversary"]["script"] = script;
  return json;
}

// A script of all three kinds, of "node" or "server".
Json script_of(const std::string& name) {
  return {{"moves", {{{"step", 2}, {name + "s", "zero"}, {"first_" + name + "s", {0, 1}}}}},
          {"deliveries",
           {{{"from", name + " 1"},
             {"to", name + " 2"},
             {"phase", "gather"},
             {"step", 1},
             {"delay", "1 ms"}}}},
          {"words",
           {{{"from", name + " 7"},
             {"to", name + "s 5-6"},
             {"phase", "gather"},
             {"step", 3},
             {"attack", "zero"}}}}};
}

// The first issue of a scenario, in reading it or in beginning its run.
std::string refused_with(const Json& json) {
  try {
    make_coalition(read(json));
  } catch (const InputError& error) {
    return to_string(error.issues().at(0));
  }
  return "";
}

}  // namespace

TEST_CASE("a script on a graph names nodes, and is written so") {
  const Json written = write(read(attacked_gossip(script_of("node"))))["adversary"]["script"];
  CHECK(written["moves"][0]["nodes"]["name"] == "zero");
  CHECK(written["moves"][0]["first_nodes"] == Json::array({0, 1}));
  CHECK(written["deliveries"][0]["from"] == "node 1");
  CHECK(written["deliveries"][0]["to"] == "node 2");
  CHECK(written["words"][0]["from"] == "node 7");
}

TEST_CASE("a script on a graph of before, which names servers, is the same scenario") {
  const auto id_with = [](const std::string& name) {
    return scenario_id(read(attacked_gossip(script_of(name))), scenario_tables());
  };
  CHECK(id_with("server") == id_with("node"));
  CHECK(id_with("node") != scenario_id(read(attacked_gossip()), scenario_tables()));
}

TEST_CASE("a record of a run on a graph names nodes") {
  const Json json = attacked_gossip();
  World world(json, 1,
              std::make_unique<Recorder>(*make_coalition(read(json)), RecordedVectors::by_value));
  run_to_end(world.simulation);
  const Script* record = world.simulation.record();
  REQUIRE(record != nullptr);
  REQUIRE_FALSE(record->forgeries.empty());
  for (const Forgery& forgery : record->forgeries) CHECK(forgery.receivers.starts_with("node"));
}

TEST_CASE("a graph has no workers for a script to move, to delay or to send to") {
  const std::string at = "/adversary/script/";
  Json json = attacked_gossip(script_of("node"));
  json["adversary"]["script"]["moves"][0]["workers"] = "zero";
  CHECK(refused_with(json) == at + "moves/0/workers: a graph has no workers; write \"nodes\"");
  json = attacked_gossip(script_of("node"));
  json["adversary"]["script"]["moves"][0]["first_workers"] = {0};
  CHECK(refused_with(json) ==
        at + "moves/0/first_workers: a graph has no workers; write \"first_nodes\"");
  json = attacked_gossip(script_of("node"));
  json["adversary"]["script"]["deliveries"][0]["from"] = "worker 1";
  CHECK(refused_with(json) == at + "deliveries/0/from: there is no worker 1: a graph has no "
                                   "workers; name a node, such as \"node 1\"");
  json = attacked_gossip(script_of("node"));
  json["adversary"]["script"]["words"][0]["to"] = "workers";
  CHECK(refused_with(json) == at + "words/0/to: \"workers\" names workers, and a graph has none; "
                                   "write \"nodes\", \"node 3\" or \"nodes 0-4\"");
}

TEST_CASE("errors of a script on a graph name nodes") {
  Json json = attacked_gossip(script_of("node"));
  json["adversary"]["script"]["deliveries"][0]["to"] = "node 8";
  CHECK(refused_with(json) ==
        "/adversary/script/deliveries/0/to: there is no node 8: there are 8 nodes; nodes are "
        "counted from 0");
  json = attacked_gossip(script_of("node"));
  json["adversary"]["script"]["words"][0]["from"] = "node 3";
  CHECK(refused_with(json) ==
        "/adversary/script/words/0/from: node 3 is honest, and its messages cannot be forged; only "
        "the last 1 of 8 nodes are Byzantine (/nodes/byzantine/actual)");
}

TEST_CASE("faults, links and schedulers on a graph name no workers") {
  const std::string remedy =
      " names workers, and a graph has none; write \"nodes\", \"node 3\" or \"nodes 0-4\"";
  Json json = attacked_gossip();
  json["network"]["faults"] = {{{"name", "crash"}, {"parameters", {{"nodes", "workers"}}}}};
  CHECK(refused_with(json) == "/network/faults/0/parameters/nodes: \"workers\"" + remedy);
  json = attacked_gossip();
  json["network"]["links"] = {{{"from", "worker 0"}, {"delay", "constant"}}};
  CHECK(refused_with(json) == "/network/links/0/from: \"worker 0\"" + remedy);
  json = attacked_gossip();
  json["adversary"]["scheduler"] = {{"name", "delay_victims"},
                                    {"parameters", {{"victims", "worker 0"}}}};
  CHECK(refused_with(json) == "/adversary/scheduler/parameters/victims: \"worker 0\"" + remedy);
  json["adversary"]["scheduler"]["parameters"]["victims"] = "nodes 0-2";
  CHECK(refused_with(json) == "");
}

TEST_CASE("twins on a graph with one honest node are refused with the place of the nodes' attack") {
  Json json = attacked_gossip();
  json["unsafe"] = true;
  json["nodes"]["byzantine"] = 7;
  json["adversary"]["nodes"] = "twins";
  CHECK(refused_with(json) ==
        "/adversary/nodes: twins separate the honest nodes that receive from a node, and there is "
        "only one; choose another attack, or have more honest nodes");
}

TEST_CASE("candidates on a graph move the nodes, once each") {
  const Scenario scenario = read(attacked_gossip());
  const auto moves = candidate_moves(scenario, {true, true, 2}, Stream(7, Purpose::search, 0, 0));
  std::set<std::string> different;
  for (const Move& move : moves) {
    CHECK_FALSE(move.workers);
    different.insert(json_of_move(move).dump());
  }
  CHECK(different.size() == moves.size());
  CHECK(json_of_move(moves[0])["nodes"] == "sign_flipping");
  CHECK(json_of_move(moves[0])["first_nodes"] == "0 1 2 3");
}

}  // namespace byzsim::graph_names_test
