// Protocols on a graph that is another one from some step on.
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "adversaries/known_strategies.h"
#include "core/graphs/topology.h"
#include "tests/catch.h"
#include "tests/sim/graph_scenarios.h"
#include "tests/sim/stored_world.h"

namespace byzsim::changing_graph_test {
namespace {

using Catch::Matchers::EndsWith;
using Catch::Matchers::StartsWith;
using Places = std::vector<std::string>;
using Links = std::set<std::pair<std::uint32_t, std::uint32_t>>;

constexpr const char* kProtocols[] = {"gossip", "async_gossip", "pairwise_gossip", "pull_gossip",
                                      "gradient_tracking"};

Json change(int step, const Json& topology) { return {{"step", step}, {"topology", topology}}; }

Json random_regular(int degree, const Json& every = "never") {
  return {{"name", "random_regular"}, {"parameters", {{"degree", degree}}}, {"every", every}};
}

/// Eight nodes whose graph is drawn again after every second step.
Json redrawn(const std::string& protocol = "gossip") {
  Json json = small_gossip(protocol);
  json["topology"] = random_regular(3, 2);
  if (protocol == "pull_gossip") json["protocol"]["parameters"]["peers"] = 2;
  return json;
}

/// Six nodes that start apart and hardly move but for gossip: on a ring in the steps 0 and 1, on a
/// star in step 2, on a complete graph of which one edge is missing from step 3 on.
Json averaging_on_three() {
  Json json = small_gossip();
  json["steps"] = 5;
  json["nodes"]["count"] = 6;
  json["nodes"]["start"] = {0, 1, 4, 9, 16, 25};
  json["optimizer"] = {{"rate", {{"name", "constant"}, {"parameters", {{"initial", 1e-30}}}}}};
  json["topology"] = "ring";
  Json list = Json::array();
  for (int a = 0; a < 6; ++a)
    for (int b = a + 1; b < 6; ++b)
      if (a != 2 || b != 5) list.insert(list.end(), {a, b});
  const Json edges = {{"name", "edges"}, {"parameters", {{"list", list}}}};
  json["topology_changes"] = Json::array({change(2, "star"), change(3, edges)});
  return json;
}

/// Whether two of the six are joined in a step, by what the names of the graphs mean.
bool joined(int step, int a, int b) {
  const int low = std::min(a, b), high = std::max(a, b);
  if (low == high) return false;
  if (step < 2) return high - low == 1 || high - low == 5;
  if (step == 2) return low == 0;
  return low != 2 || high != 5;
}

/// One step of averaging with Metropolis weights: w = 1 / (1 + the larger degree), the rest of 1 is
/// a node's own.
std::vector<double> averaged(const std::vector<double>& values, int step) {
  const auto degree = [&](int node) {
    int count = 0;
    for (int other = 0; other < 6; ++other) count += joined(step, node, other);
    return count;
  };
  std::vector<double> next;
  for (int i = 0; i < 6; ++i) {
    double sum = 0, own = 1;
    for (int j = 0; j < 6; ++j) {
      if (!joined(step, i, j)) continue;
      const double weight = 1.0 / (1 + std::max(degree(i), degree(j)));
      sum += weight * values[std::size_t(j)];
      own -= weight;
    }
    next.push_back(sum + own * values[std::size_t(i)]);
  }
  return next;
}

/// The first coordinate of every node's model, by step.
std::vector<std::vector<double>> first_coordinates(const Json& json) {
  World world(json);
  std::vector<std::vector<double>> found(std::size_t(world.scenario.steps) + 1,
                                         std::vector<double>(6));
  for (const Occurrence& event : run_to_end(world.simulation))
    for (const Adopt& adopt : adopted_in(event))
      found[std::size_t(adopt.step)][event.target.index] = double(adopt.model.values().front());
  return found;
}

/// Over which links vectors of each exchange travelled, the sender first.
std::map<std::int64_t, Links> links_by_step(const Json& json) {
  World world(json);
  std::map<std::int64_t, Links> links;
  for (const Occurrence& event : run_to_end(world.simulation))
    if (event.message() && event.message()->vector && event.message()->phase == Phase::gather)
      links[event.message()->step - 1].insert({event.message()->sender.index, event.target.index});
  return links;
}

Links links_of(const Graph& graph) {
  Links links;
  for (std::uint32_t v = 0; v < graph.vertices(); ++v)
    for (const std::uint32_t w : graph.neighbours[v]) links.insert({v, w});
  return links;
}

/// "place: problem" of every issue.
std::string refusal(const Json& json) {
  std::string text;
  try {
    read(json);
  } catch (const InputError& error) {
    for (const Issue& issue : error.issues())
      text += (text.empty() ? "" : " / ") + issue.where + ": " + issue.problem;
  }
  return text;
}

}  // namespace

TEST_CASE("averaging on three graphs in turn multiplies their weights, as a second program does") {
  const auto found = first_coordinates(averaging_on_three());
  std::vector<double> expected = found[0];
  CHECK(expected[5] - expected[0] == Approx(25));
  for (int step = 0; step < 5; ++step) {
    expected = averaged(expected, step);
    CAPTURE(step);
    for (std::size_t node = 0; node < 6; ++node)
      CHECK(found[std::size_t(step) + 1][node] == Approx(expected[node]).margin(1e-4));
  }
  CHECK(expected[5] - expected[0] > 0.01);  // they still differ, so that the comparison counts
}

TEST_CASE("vectors of a step travel along the edges that were drawn for it") {
  const auto links = links_by_step(redrawn());
  REQUIRE(links.size() == 6);
  const Choice topology = read(redrawn()).on_graph->topology;
  for (const auto& [step, found] : links) {
    CAPTURE(step);
    // Drawn by the first step in which a graph is used.
    const std::uint64_t number = std::uint64_t(step) / 2 * 2;
    CHECK(found == links_of(make_graph(topology, 8, read(redrawn()).seed, "", number)));
  }
  CHECK(links.at(0) == links.at(1));
  CHECK(links.at(1) != links.at(2));
  CHECK(links.at(2) != links.at(4));
}

TEST_CASE("nodes wait for as many neighbours as they have in the step") {
  Json json = small_gossip();  // a ring with two on either side
  json["topology_changes"] = Json::array({change(2, "complete"), change(4, "ring")});
  CHECK(totals_of(json).messages == 2 * 8 * 4 + 2 * 8 * 7 + 2 * 8 * 2);
  json["protocol"]["parameters"]["exchange"] = "models";
  CHECK(totals_of(json).messages == 2 * 8 * 4 + 2 * 8 * 7 + 2 * 8 * 2);
}

TEST_CASE("every protocol on a graph learns while the graph changes") {
  for (const std::string protocol : kProtocols) {
    CAPTURE(protocol);
    CHECK(rows_of(with(redrawn(protocol), "/steps", 60)).back().accuracy_worst.value() > 0.6);
  }
}

TEST_CASE("runs on changing graphs have the same bits on three threads, and when they are stored") {
  for (const std::string protocol : kProtocols) {
    CAPTURE(protocol);
    const Json json = redrawn(protocol);
    const RunDigest digest = digest_of_run(json, 1);
    CHECK(digest_of_run(json, 3) == digest);
    World world(json), other(json);
    for (int i = 0; i < 40; ++i) world.simulation.advance();
    restore(other.simulation, stored(world.simulation));
    run_to_end(other.simulation);
    CHECK(other.simulation.digest() == digest);
  }
}

TEST_CASE("a graph is drawn by its step: other changes make it no other graph") {
  Json later = redrawn();
  later["topology"] = random_regular(3);
  later["topology_changes"] = Json::array({change(4, random_regular(3))});
  const auto links = links_by_step(redrawn()), links_later = links_by_step(later);
  CHECK(links_later.at(0) == links.at(0));
  CHECK(links_later.at(2) == links.at(0));
  CHECK(links_later.at(4) == links.at(4));
}

TEST_CASE("Byzantine nodes are the same in every graph, chosen on the first") {
  Json json = small_gossip();
  json["nodes"]["byzantine"] = 1;
  json["nodes"]["placement"] = "degree";
  json["nodes"]["aggregator"] = "clipped_gossip";
  json["unsafe"] = true;  // without the centre of the star
  json["topology"] = "star";
  json["topology_changes"] = Json::array({change(3, "chain")});
  const World world(json);
  // Vertex 0, the centre, is node 7 in both, and on the chain it is an end.
  for (const auto& [step, graph] : world.workload->graphs().all())
    CHECK(graph->placed().names == std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6, 7, 0});
  CHECK(world.workload->graph_at(2).neighbours(7).size() == 7);
  CHECK(world.workload->graph_at(3).neighbours(7) == std::vector<std::uint32_t>{0});
}

TEST_CASE("rules assume the most Byzantine neighbours that an honest node has on any graph") {
  Json json = small_gossip();
  json["nodes"]["byzantine"] = 2;
  json["nodes"]["aggregator"] = "clipped_gossip";
  json["topology"] = "ring";
  json["unsafe"] = true;  // two neighbours bear no two Byzantine ones
  CHECK(World(json).workload->graph_at(0).tolerated(0) == 1);
  json["topology_changes"] = Json::array({change(3, "complete")});
  CHECK(World(json).workload->graph_at(0).tolerated(0) == 2);
}

TEST_CASE("a condition that a later graph breaks is refused with its step") {
  Json json = small_gossip();
  json["nodes"]["byzantine"] = 1;
  json["nodes"]["aggregator"] = "clipped_gossip";
  json["nodes"]["placement"] = {{"name", "list"}, {"parameters", {{"nodes", {3}}}}};
  json["topology_changes"] =
      Json::array({change(2, "complete"), change(4, "chain"), change(5, "chain")});
  // Its honest part falls apart at node 3, and its ends have one neighbour each.
  CHECK_THAT(refusal(json), StartsWith("/topology: ") && EndsWith("from step 4 on"));
  CHECK(refusal(with(json, "/steps", 4)).empty());  // which the run does not reach
  json = redrawn();
  json["nodes"]["aggregator"] = "krum";
  json["topology_changes"] = Json::array({change(3, "ring")});  // n >= 3, and n = 3
  CHECK(refusal(json).empty());
  json["topology_changes"] = Json::array({change(3, "chain")});
  CHECK_THAT(refusal(json), StartsWith("/nodes/aggregator: ") && EndsWith("from step 3 on"));
}

TEST_CASE("changes that are none, or out of order, are refused") {
  const Json json = small_gossip();
  CHECK(places_of_issues(with(json, "/topology/every", 2)) == Places{"/topology/every"});
  CHECK(places_of_issues(
            with(json, "/topology_changes", Json::array({change(4, "ring"), change(4, "star")}))) ==
        Places{"/topology_changes/1/step"});
  CHECK(places_of_issues(with(json, "/topology_changes", Json::array({change(0, "ring")}))) ==
        Places{"/topology_changes/0/step"});
  CHECK(places_of_issues(with(small_sgd(), "/topology_changes", Json::array())) ==
        Places{"/topology_changes"});
  Json many = with(redrawn(), "/steps", 1'000'000'000);
  CHECK(places_of_issues(with(many, "/topology/every", 1)) == Places{"/topology/every"});
}

TEST_CASE("a graph that never changes leaves no trace in what is written") {
  const Json json = small_gossip();
  CHECK(write(read(with(json, "/topology/every", "never"))) == write(read(json)));
  CHECK_FALSE(write(read(json)).contains("topology_changes"));
  const Json changing = write(read(averaging_on_three()));
  CHECK(write(read(changing)) == changing);
  CHECK(scenario_id(read(redrawn()), scenario_tables()) !=
        scenario_id(read(with(redrawn(), "/topology/every", 3)), scenario_tables()));
}

TEST_CASE("the halves that a scheduler keeps apart are those of the first graph") {
  Json json = small_gossip();
  json["topology"] = {{"name", "two_cliques"}, {"parameters", {{"path", 0}}}};
  json["topology_changes"] = Json::array({change(2, "complete")});
  json["adversary"] = {{"scheduler", "keep_apart"}};
  const World world(json);
  for (const std::uint32_t node : {0u, 1u, 2u, 3u}) {
    CHECK(world.workload->graphs().first().side(node) == world.workload->graphs().first().side(0));
    CHECK(world.workload->graphs().first().side(node + 4) !=
          world.workload->graphs().first().side(0));
  }
}

TEST_CASE("an attack on a receiver's neighbourhood sees the graph of the step") {
  Json json = redrawn();
  json["nodes"]["byzantine"] = 1;
  json["nodes"]["aggregator"] = {{"name", "clipped_gossip"}, {"parameters", {{"radius", 1}}}};
  json["unsafe"] = true;
  json["adversary"] = {{"nodes", "dissensus"}, {"knowledge", "neighbourhood"}};
  const Json silent = with(json, "/adversary/nodes", "zero");
  CHECK(digest_of_run(json) == digest_of_run(json, 3));
  CHECK(digest_of_run(json) != digest_of_run(silent));
}

}  // namespace byzsim::changing_graph_test
