// `byzsim report` of a run on a graph: what its page holds of the graph and of its nodes.
#include "tools/report/graph_picture.h"

#include "tests/catch.h"
#include "tests/sim/graph_scenarios.h"
#include "tests/tools/report_blocks.h"
#include "tests/tools/tiny_scenario.h"
#include "tools/topology/graph_layout.h"

namespace byzsim::process::report_graph_test {
namespace {

// A ring of six nodes, the last of which is Byzantine.
const std::string kRing = R"({
  "name": "ring", "seed": 3, "steps": 6, "protocol": "gossip",
  "nodes": {"count": 6, "byzantine": {"declared": 1, "actual": 1}, "aggregator": "median",
            "batch_size": 4},
  "topology": "ring",
  "model": "softmax_regression",
  "data": {"name": "blobs",
           "parameters": {"dimension": 3, "classes": 3, "train": 60, "test": 30}},
  "optimizer": {"rate": {"name": "constant", "parameters": {"initial": 0.1}}},
  "metrics": {"every": 2}
})";

Json reported_data(const std::string& scenario) {
  const Sandbox sandbox;
  const Outcome run = sandbox.byzsim({"run", "-", "--out", "here"}, scenario);
  if (run.exit_code != 0) throw std::runtime_error(run.err);
  const Outcome report = sandbox.byzsim({"report", "here"});
  if (report.exit_code != 0) throw std::runtime_error(report.err);
  return data_of_page(sandbox.read("here/report.html"));
}

Json graph_with_nodes(std::int64_t count) {
  Issues issues;
  const auto graphs = make_node_graphs(read(with(small_gossip(), "/nodes/count", count)), issues);
  REQUIRE(issues.empty());
  return graph_json(*graphs);
}

}  // namespace

TEST_CASE("the page of a run on a graph holds every edge once, and a place for each node") {
  const Json graph = reported_data(kRing)["graph"];
  CHECK(graph["nodes"] == 6);
  CHECK(graph["honest"] == 5);
  CHECK(graph["edges"] == 6);
  // Each node of a ring is joined to the one before and the one after it.
  CHECK(graph["neighbours"] == Json::parse("[[1, 5], [2], [3], [4], [5], []]"));
  REQUIRE(graph["places"].size() == 6);
  for (const Json& place : graph["places"]) {
    const double x = place[0], y = place[1];
    CHECK(x * x + y * y <= 1.0002);  // the circle of radius 1, and what rounding adds
  }
}

TEST_CASE("the timeline of a run on a graph has nodes, and neither servers nor workers") {
  const Json nodes = reported_data(kRing)["timeline"]["nodes"];
  REQUIRE(nodes.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(nodes[i]["name"] == "node " + std::to_string(i));
    CHECK(nodes[i]["byzantine"] == (i == 5));
    CHECK(nodes[i]["shown"] == true);
  }
}

TEST_CASE("the page of a run on a graph has a distance of every honest node by recorded step") {
  const Json rows = reported_data(kRing)["distances"];
  REQUIRE(rows.size() == 4);  // of the steps 0, 2, 4, 6
  for (const Json& row : rows) {
    REQUIRE(row.size() == 1 + 5);
    for (const Json& value : row) CHECK(value.is_number());
  }
}

TEST_CASE("the page of a run with servers has no graph") {
  CHECK_FALSE(reported_data(kTinyScenario).contains("graph"));
}

TEST_CASE("a graph of more nodes than are drawn has neither places nor neighbours on the page") {
  const auto most = static_cast<std::int64_t>(kMostDrawn);
  CHECK(graph_with_nodes(24)["places"].size() == 24);
  const Json large = graph_with_nodes(most + 1);
  CHECK(large["nodes"] == most + 1);
  CHECK(large["most_drawn"] == most);
  CHECK_FALSE(large.contains("places"));
  CHECK_FALSE(large.contains("neighbours"));
}

}  // namespace byzsim::process::report_graph_test
