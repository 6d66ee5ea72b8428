// What a run on a graph shows of its nodes: they are called nodes, and there are no workers.
#include <fmt/format.h>

#include "tests/sim/graph_scenarios.h"
#include "tests/tools/process.h"
#include "tests/tools/text_matchers.h"
#include "tests/tools/tiny_scenario.h"
#include "tools/inspect/session.h"

namespace byzsim::process::node_names_test {
namespace {

bool not_interrupted() { return false; }

// Eight nodes on a ring, the last of which is Byzantine.
Json attacked_gossip() {
  Json json = small_gossip();
  json["steps"] = 4;
  json["nodes"]["byzantine"] = {{"declared", 1}, {"actual", 1}};
  json["nodes"]["aggregator"] = "median";
  json["adversary"] = {{"nodes", "sign_flipping"}};
  return json;
}

void check_names(const std::string& text) {
  CAPTURE(text);
  CHECK(text.find("node ") != text.npos);
  CHECK(text.find("server") == text.npos);
  CHECK(text.find("worker") == text.npos);
}

}  // namespace

TEST_CASE("every view of a run on a graph calls its nodes nodes") {
  History history(read(attacked_gossip()), 1);
  Session session(history, not_interrupted);
  session.run("until node 1 adopts");
  session.run("until node 2 receives");
  for (const char* line :
       {"where", "nodes", "node node 1", "messages", "message", "why", "model node 1", "distances"})
    check_names(session.run(line));
}

TEST_CASE("a view of a node that a graph lacks names those it has") {
  History history(read(attacked_gossip()), 1);
  Session session(history, not_interrupted);
  for (const char* node : {"node 8", "worker 0"})
    CHECK_THROWS_WITH(session.run(fmt::format("node {}", node)),
                      fmt::format("node: {} is not in this run; it has nodes 0 to 7", node));
}

TEST_CASE("the JSON of a moment and the events of a run on a graph name nodes") {
  const Sandbox sandbox;
  sandbox.write("graph.json", attacked_gossip().dump());
  REQUIRE(sandbox.byzsim({"run", "graph.json", "--out", "here"}).exit_code == 0);
  const Outcome moment = sandbox.byzsim({"inspect", "here", "--at", "step=2", "--json"});
  REQUIRE(moment.exit_code == 0);
  check_names(moment.out);
  const Outcome events = sandbox.byzsim({"events", "here"});
  REQUIRE(events.exit_code == 0);
  check_names(events.out);
}

TEST_CASE("the timeline that a run on a graph writes has lanes of nodes") {
  const Sandbox sandbox;
  REQUIRE(
      sandbox
          .byzsim({"run", "-", "--out", "here", "--trace", "trace.json"}, attacked_gossip().dump())
          .exit_code == 0);
  check_names(sandbox.read("trace.json"));
}

TEST_CASE("a fault of all nodes of a graph counts each of them once") {
  Json json = attacked_gossip();
  json["network"]["faults"] = Json::parse(R"([{"name": "straggler", "parameters":
                                               {"nodes": "all", "factor": 2}}])");
  const Json entry = tiny_run({}, {}, json.dump())["faults"]["nodes"][0];
  CHECK(entry["nodes"] == 7);  // the honest ones of eight
  CHECK(entry["first"][0]["node"] == "node 0");
}

}  // namespace byzsim::process::node_names_test
