// Runs on a graph through the real program: every command that takes a run or a scenario.
#include <fmt/format.h>

#include "core/input/json.h"
#include "tests/catch.h"
#include "tests/tools/process.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::process::graph_commands_test {
namespace {

// Eight nodes, each joined to two on either side, of which one reverses what it sends.
const std::string kGossip = R"({
  "name": "small", "seed": 3, "steps": 6, "protocol": "gossip",
  "nodes": {"count": 8, "byzantine": 1, "aggregator": "clipped_gossip", "batch_size": 4},
  "topology": {"name": "ring", "parameters": {"neighbours": 2}},
  "model": "softmax_regression",
  "data": {"name": "blobs", "parameters": {"dimension": 3, "classes": 3, "train": 60, "test": 30}},
  "metrics": {"every": 2}
})";

Outcome on_graph(const Sandbox& sandbox, Arguments arguments) {
  sandbox.write("small.json", kGossip);
  return sandbox.byzsim(arguments);
}

// The error of a refused command.
std::string refused(const Arguments& arguments) {
  const Sandbox sandbox;
  const Outcome outcome = on_graph(sandbox, arguments);
  CHECK(outcome.exit_code == 2);
  return outcome.err;
}

}  // namespace

TEST_CASE("a run on a graph states its worst node, and is verified and branched like any other") {
  const Sandbox sandbox;
  const Outcome run = on_graph(sandbox, {"run", "small.json", "--out", "a"});
  CHECK_THAT(run.out, contains("(worst honest node "));
  CHECK(sandbox.byzsim({"verify", "a"}).exit_code == 0);
  const Outcome branch = sandbox.byzsim(
      {"branch", "a", "--at", "step=3", "--set", "/adversary/nodes=zero", "--out", "b"});
  CHECK(branch.exit_code == 0);
  CHECK(sandbox.byzsim({"verify", "b"}).exit_code == 0);
}

TEST_CASE("what a branch may not change of a graph is refused with the reason") {
  const Sandbox sandbox;
  REQUIRE(on_graph(sandbox, {"run", "small.json", "--out", "a"}).exit_code == 0);
  for (const auto& [set, reason] :
       {std::pair("/topology=complete", "nodes wait for their neighbours on the old one"),
        std::pair("/nodes/weights=uniform", "the nodes were made at the beginning of the trunk")})
    CHECK_THAT(sandbox.byzsim({"branch", "a", "--at", "step=3", "--set", set, "--out", "b"}).err,
               contains(reason));
}

TEST_CASE("topology prints the figures of a graph that a person can check") {
  const Sandbox sandbox;
  const Outcome text = on_graph(sandbox, {"topology", "small.json"});
  // Eight nodes of four neighbours each; node 7 is Byzantine, and 0, 1, 5 and 6 are its neighbours.
  CHECK_THAT(text.out, StartsWith("ring: 8 nodes, 1 of them Byzantine, 16 edges\n") &&
                           contains("4 to 4, mean 4") && contains("at most 1 (node 0, of 4)") &&
                           contains("rules assume 1") && contains("connected\n"));
  const Json json =
      parse_json(sandbox.byzsim({"topology", "small.json", "--json"}).out, "topology");
  CHECK(json["nodes"][0]["neighbours"] == Json::array({1, 2, 6, 7}));
  CHECK(json["nodes"][3]["byzantine_neighbours"] == 0);
  CHECK(json["nodes"][7]["honest"] == false);
}

TEST_CASE("topology shows the graph of a step, and what holds for all graphs of a run") {
  const Sandbox sandbox;
  // A ring of four neighbours in the steps 0 to 2, then a complete graph.
  const std::string changes = R"(/topology_changes=[{"step": 3, "topology": "complete"}])";
  const Outcome first = on_graph(sandbox, {"topology", "small.json", "--set", changes});
  CHECK_THAT(first.out,
             StartsWith("ring: 8 nodes, 1 of them Byzantine, 16 edges\n") &&
                 contains("from step 0 on, one of 2\n") &&
                 contains("4 to 7 neighbours, 16 to 28 edges\n") &&
                 contains("Byzantine ones in all         at most 1 (node 0, from step 0 on)\n"));
  const Outcome later =
      on_graph(sandbox, {"topology", "small.json", "--set", changes, "--step", "5"});
  CHECK_THAT(later.out, StartsWith("complete: 8 nodes, 1 of them Byzantine, 28 edges\n") &&
                            contains("from step 3 on, one of 2\n"));
  const Json json = parse_json(
      sandbox.byzsim({"topology", "small.json", "--set", changes, "--step", "5", "--json"}).out,
      "topology");
  CHECK(json["from_step"] == 3);
  CHECK(json["graphs"] == Json::array({0, 3}));
  CHECK(json["nodes"][0]["neighbours"].size() == 7);
  CHECK_THAT(refused({"topology", "small.json", "--step", "6"}),
             contains("error: --step 6: the run has 6 steps, counted from 0; use at most 5"));
}

TEST_CASE("a run on changing graphs is verified and branched like any other") {
  const Sandbox sandbox;
  const std::string topology =
      R"(/topology={"name": "random_regular", "parameters": {"degree": 4}, "every": 2})";
  REQUIRE(on_graph(sandbox, {"run", "small.json", "--set", topology, "--out", "a"}).exit_code == 0);
  CHECK(sandbox.byzsim({"verify", "a"}).exit_code == 0);
  CHECK(sandbox.byzsim({"branch", "a", "--at", "step=3", "--set", "/steps=9", "--out", "b"})
            .exit_code == 0);
  CHECK(sandbox.byzsim({"verify", "b"}).exit_code == 0);
  CHECK_THAT(
      sandbox.byzsim({"branch", "a", "--at", "step=3", "--set", "/topology/every=3", "--out", "c"})
          .err,
      contains("nodes wait for their neighbours on the old one"));
}

TEST_CASE("files of edges lie beside the scenario, those of later graphs, too") {
  const Sandbox sandbox;
  const std::string ring = "0 1\n1 2\n2 3\n3 4\n4 5\n5 6\n6 7\n7 0\n0 2\n";
  sandbox.write("sub/ring.txt", ring);
  sandbox.write("sub/more.txt", ring + "3 5\n");
  Json json = parse_json(kGossip, "small");
  const auto edges_in = [](const char* file) {
    return Json{{"name", "edges"}, {"parameters", {{"file", file}}}};
  };
  json["nodes"]["byzantine"] = 0;
  json["topology"] = edges_in("ring.txt");
  json["topology_changes"] = Json::array({{{"step", 3}, {"topology", edges_in("more.txt")}}});
  sandbox.write("sub/small.json", json.dump());
  CHECK_THAT(sandbox.byzsim({"topology", "sub/small.json"}).out,
             StartsWith("edges: 8 nodes, 0 of them Byzantine, 9 edges\n"));
  CHECK_THAT(sandbox.byzsim({"topology", "sub/small.json", "--step", "3"}).out,
             StartsWith("edges: 8 nodes, 0 of them Byzantine, 10 edges\n"));
  REQUIRE(sandbox.byzsim({"run", "sub/small.json", "--out", "a"}).exit_code == 0);
  CHECK(parse_json(sandbox.read("a/run.json"), "run")["inputs"].size() == 2);
  CHECK(sandbox.byzsim({"verify", "a"}).exit_code == 0);
}

TEST_CASE("topology draws the graph with a mark for each node") {
  const Sandbox sandbox;
  REQUIRE(on_graph(sandbox, {"topology", "small.json", "--svg", "graph.svg"}).exit_code == 0);
  const std::string svg = sandbox.read("graph.svg");
  CHECK_THAT(svg, contains("<svg") && contains("</svg>"));
}

TEST_CASE("a graph that cannot be drawn into its file names the option of the file") {
  CHECK_THAT(refused({"topology", "small.json", "--svg", "nowhere/graph.svg"}),
             contains("error: nowhere/graph.svg: cannot write: ") &&
                 contains("; free space there, or choose another file with --svg FILE\n"));
}

TEST_CASE("a run on a graph states waits, kept models and counts of its nodes") {
  const Sandbox sandbox;
  REQUIRE(on_graph(sandbox, {"run", "small.json", "--models", "--out", "a"}).exit_code == 0);
  const Json run = parse_json(sandbox.read("a/run.json"), "run.json");
  CHECK(run["quorum_wait_seconds"].size() == 1);
  CHECK(run["quorum_wait_seconds"].contains("nodes"));
  CHECK(run["models"][0]["node"] == 0);
  // Among them the reversed vector of the Byzantine node.
  CHECK_THAT(sandbox.read("a/metrics.csv"), contains(",clipped_per_node,removed_per_node,"));
}

TEST_CASE("topology of a scenario with servers is refused with what to choose") {
  CHECK_THAT(refused({"topology", "quickstart"}),
             contains("error: /protocol: byzsgd has servers and workers, and no graph of nodes; "
                      "choose a protocol on a graph such as gossip"));
}

TEST_CASE("keys of the other kind of protocol are unknown, and the error names the right ones") {
  CHECK_THAT(refused({"run", "small.json", "--set", "/workers/count=3"}),
             contains("/workers: unknown key; did you mean /nodes?"));
  CHECK_THAT(refused({"run", "quickstart", "--set", "/nodes/count=3"}),
             contains("/nodes: unknown key; did you mean /servers and /workers, or a protocol on a "
                      "graph such as gossip?"));
}

TEST_CASE("a failure on a graph shrinks to fewer nodes and steps, and still holds") {
  const Sandbox sandbox;
  const Outcome outcome =
      on_graph(sandbox, {"shrink", "small.json", "--set", "/nodes/aggregator=average", "--keep",
                         "drift >= 0.5*", "--out", "least.json"});
  CHECK(outcome.exit_code == 0);
  const Json least = parse_json(sandbox.read("least.json"), "least.json");
  CHECK(least["nodes"]["count"].get<int>() < 8);
  CHECK_THAT(outcome.out, contains("8 -> "));
  CHECK(sandbox.byzsim({"run", "least.json"}).exit_code == 0);
}

TEST_CASE("a search varies the parameters of the nodes' attack where nothing else is named") {
  const Sandbox sandbox;
  const Outcome outcome =
      on_graph(sandbox, {"search", "small.json", "--set", "/adversary/nodes=dissensus",
                         "--evaluations", "3", "--objective", "disagreement", "--out", "found"});
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, contains("/adversary/nodes/parameters/strength = "));
}

TEST_CASE("dissensus without a graph has no effect, and that is stated") {
  const Outcome outcome = Sandbox().byzsim(
      {"run", "quickstart", "--set", "/steps=2", "--set", "/adversary/workers=dissensus"});
  CHECK_THAT(outcome.err, contains("note: /adversary/workers has no effect: dissensus is about the "
                                   "neighbours of its receiver, and there is no graph"));
}

TEST_CASE("an attack that departs from its receiver has no effect without a graph") {
  const Outcome outcome =
      Sandbox().byzsim({"run", "quickstart", "--set", "/steps=2", "--set",
                        R"(/adversary/workers={"name":"ALIE","parameters":{"from":"receiver"}})"});
  CHECK_THAT(outcome.err, contains("note: /adversary/workers has no effect: a_little_is_enough is "
                                   "about the neighbours of its receiver, and there is no graph"));
}

TEST_CASE("an attack that sees nothing of its receiver has no effect, and that is stated") {
  const Sandbox sandbox;
  for (const std::string knowledge : {"own_messages", "blind"})
    CHECK_THAT(on_graph(sandbox, {"run", "small.json", "--set", "/adversary/nodes=dissensus",
                                  "--set", "/adversary/knowledge=" + knowledge, "--out", knowledge})
                   .err,
               contains("note: /adversary/nodes has no effect: dissensus is about the vectors of "
                        "its receiver and the neighbours there, and Byzantine nodes see none of "
                        "them: they send what honest nodes would"));
}

TEST_CASE("a graph of steps after the last has no effect, and that is stated") {
  const Sandbox sandbox;
  // The last of the 6 steps is 5.
  const std::string drawn = R"({"name": "erdos_renyi", "every": 3})";
  const Outcome outcome = on_graph(
      sandbox, {"run", "small.json", "--set", "/nodes/aggregator=average", "--set", "/unsafe=true",
                "--set", "/topology=" + drawn, "--set",
                R"(/topology_changes=[{"step": 2, "topology": "complete"}, {"step": 6}])"});
  CHECK_THAT(outcome.err,
             contains("note: /topology/every has no effect: the graph is used for 2 steps, and is "
                      "first drawn again after 3\n") &&
                 contains("note: /topology_changes/1 has no effect: the last step is 5\n") &&
                 !contains("/topology_changes/0"));
}

TEST_CASE("edges come from a file, whose digest is the run's, with errors by line") {
  const Sandbox sandbox;
  sandbox.write("edges.txt", "# a square with one diagonal\n0 1\n1 2\n2 3\n3 0\n0 2\n");
  const Arguments run = {
      "run",    "small.json",
      "--set",  "/nodes/count=4",
      "--set",  "/nodes/byzantine=0",
      "--set",  R"(/topology={"name":"edges","parameters":{"file":"edges.txt"}})",
      "--json", "--out",
      "a"};
  const Outcome outcome = on_graph(sandbox, run);
  REQUIRE(outcome.exit_code == 0);
  CHECK(parse_json(outcome.out, "run")["inputs"].size() == 1);
  sandbox.write("edges.txt", "0 1\n1 1\n");
  Arguments again = run;
  again.back() = "b";
  CHECK_THAT(sandbox.byzsim(again).err, contains("edges.txt:2"));
}

}  // namespace byzsim::process::graph_commands_test
