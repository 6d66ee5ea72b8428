// Protocols on a graph in synchronous rounds: gossip, pulls and gradient tracking.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "core/graphs/spectrum.h"
#include "tests/catch.h"
#include "tests/sim/graph_scenarios.h"

namespace byzsim::gossip_test {
namespace {

using Places = std::vector<std::string>;

// Nodes that start apart and hardly move but for gossip.
Json averaging(const Json& topology, int count) {
  Json json = small_gossip();
  json["steps"] = 60;
  json["nodes"]["count"] = count;
  json["topology"] = topology;
  json["optimizer"] = {{"rate", {{"name", "constant"}, {"parameters", {{"initial", 1e-30}}}}}};
  json["metrics"] = {{"every", 1}};
  for (int i = 0; i < count; ++i) json["nodes"]["start"].push_back(i * i % 7 + i);
  return json;
}

// By how much a step of plain gossip shrinks the disagreement, once one eigenvector is left of it
// and before float32 rounds it away.
double measured_rate(const Json& json) {
  const std::vector<MetricsRow> rows = rows_of(json);
  std::size_t last = 0;
  while (last + 1 < rows.size() && rows[last + 1].disagreement.value() > 1e-3) ++last;
  const std::size_t first = last / 2;
  return std::pow(rows[last].disagreement.value() / rows[first].disagreement.value(),
                  1.0 / static_cast<double>(last - first));
}

double predicted_rate(const Json& json) {
  const World world(json);
  const NodeGraph& graph = world.workload->graphs().first();
  return 1 - spectrum_of(graph.graph(), graph.placed().honest, graph.weights()).gap;
}

// Links over which vectors were sent, each with its sender first.
std::set<std::pair<std::uint32_t, std::uint32_t>> links_used(const Json& json) {
  World world(json);
  std::set<std::pair<std::uint32_t, std::uint32_t>> links;
  for (const Occurrence& event : run_to_end(world.simulation))
    if (event.message() && event.message()->vector)
      links.insert({event.message()->sender.index, event.target.index});
  return links;
}

Json with_byzantine(Json json, int count, const std::string& attack) {
  json["nodes"]["byzantine"] = count;
  json["adversary"] = {{"nodes", attack}};
  return json;
}

}  // namespace

TEST_CASE("plain gossip agrees as fast as the second eigenvalue of its weights predicts") {
  const Json two_worlds = {{"name", "two_worlds"}, {"parameters", {{"links", 3}}}};
  for (const auto& [topology, count] :
       {std::pair<Json, int>("ring", 9), {"torus", 12}, {two_worlds, 16}}) {
    const Json json = averaging(topology, count);
    const double predicted = predicted_rate(json);
    CAPTURE(topology.dump(), predicted);
    CHECK(predicted > 0.2);
    CHECK(predicted < 0.99);
    CHECK(measured_rate(json) == Approx(predicted).epsilon(0.05));
  }
}

TEST_CASE("on a complete graph one round of gossip is the mean of all nodes, to rounding") {
  Json json = averaging("complete", 8);
  const std::vector<MetricsRow> rows = rows_of(json);
  CHECK(rows[0].drift.value() > 1);
  CHECK(rows[1].drift.value() < 1e-4);
}

TEST_CASE("a round sends each node's vector to its neighbours and to nobody else") {
  const Json json = small_gossip();
  const World world(json);
  std::set<std::pair<std::uint32_t, std::uint32_t>> joined;
  for (std::uint32_t i = 0; i < 8; ++i)
    for (const int distance : {1, 2, 6, 7}) joined.insert({i, (i + distance) % 8});
  CHECK(links_used(json) == joined);
  CHECK(totals_of(json).messages == 6 * 8 * 4);  // 6 steps
}

TEST_CASE("gossip trains: every node's accuracy rises above that of guessing") {
  for (const std::string protocol :
       {"gossip", "async_gossip", "pairwise_gossip", "pull_gossip", "gradient_tracking"}) {
    Json json = small_gossip(protocol);
    json["steps"] = 60;
    if (protocol == "pull_gossip") json["protocol"]["parameters"]["peers"] = 2;
    CAPTURE(protocol);
    CHECK(rows_of(json).back().accuracy_worst.value() > 0.6);  // three classes
  }
}

TEST_CASE(
    "a silent neighbour costs a timeout, not the run, and its weight goes to the own vector") {
  Json json = with_byzantine(small_gossip(), 1, "silent");
  json["protocol"]["parameters"]["timeout"] = "100 ms";
  World world(json);
  run_to_end(world.simulation);
  CHECK(world.simulation.trained());
  // Four nodes are neighbours of the silent one, and wait for it in each of six steps.
  CHECK(world.simulation.now() > 6 * 100'000'000);
}

TEST_CASE("neighbours of a silent node are late, and are waited for all the same") {
  for (const std::string protocol : {"gossip", "gradient_tracking"}) {
    Json json = with_byzantine(small_gossip(protocol), 1, "silent");
    json["steps"] = 40;
    json["topology"] = "ring";
    json["unsafe"] = true;
    const VerdictCounts verdicts = totals_of(json).verdicts;
    CAPTURE(protocol);
    CHECK(verdicts[std::size_t(Verdict::stale)] == 0);
    CHECK(verdicts[std::size_t(Verdict::late)] == 0);
  }
}

TEST_CASE("a node that exchanges models sends its own before it steps") {
  Json json = steady(small_gossip());
  json["protocol"]["parameters"]["exchange"] = "models";
  CHECK(totals_of(json).messages_by_phase[std::size_t(Phase::model)] == 6 * 8 * 4);
  CHECK(rows_of(json).back().loss.value() < rows_of(json).front().loss.value());
}

TEST_CASE("exact diffusion reaches the common minimum at a constant rate, and half-steps do not") {
  Json json = steady(small_gossip());
  json["steps"] = 400;
  json["topology"] = "ring";
  json["data"]["parameters"]["train"] = 64;  // 8 a node: each batch is the whole share
  json["nodes"]["batch_size"] = 8;
  json["nodes"]["batches"] = "passes";
  json["model"] = {{"name", "quadratic"}, {"parameters", {{"start", 5}}}};
  json["partition"] = "extreme_niid";
  json["optimizer"] = {{"rate", {{"name", "constant"}, {"parameters", {{"initial", 0.1}}}}}};
  const double half_steps = rows_of(json).back().disagreement.value();
  json["protocol"]["parameters"]["exchange"] = "corrected";
  const double corrected = rows_of(json).back().disagreement.value();
  CAPTURE(half_steps, corrected);
  // What is left of 5 after 400 steps is rounding: 5 * 2^-24 is 3e-7.
  CHECK(half_steps > 0.1);
  CHECK(corrected < 1e-4);
}

TEST_CASE("a pull asks that many neighbours in each step, and they answer") {
  Json json = small_gossip("pull_gossip");
  json["protocol"]["parameters"]["peers"] = 3;
  json["topology"] = "complete";
  const Totals totals = totals_of(json);
  CHECK(totals.messages_by_phase[std::size_t(Phase::request)] == 6 * 8 * 3);
  CHECK(totals.messages_by_phase[std::size_t(Phase::gather)] == 6 * 8 * 3);
}

TEST_CASE("whom a node asks is drawn from its neighbours, other ones in other steps") {
  Json json = small_gossip("pull_gossip");
  json["topology"] = "complete";
  const World world(json);
  const NodeGraph& graph = world.workload->graphs().first();
  std::set<std::vector<std::uint32_t>> drawn;
  for (std::int64_t step = 0; step < 50; ++step) {
    const std::vector<std::uint32_t> peers = graph.peers_at(3, step, 3);
    CHECK(std::set(peers.begin(), peers.end()).size() == 3);
    CHECK(std::find(peers.begin(), peers.end(), 3) == peers.end());
    CHECK(graph.peers_at(3, step, 3) == peers);
    drawn.insert(peers);
  }
  CHECK(drawn.size() > 20);                     // of 35
  CHECK(graph.peers_at(3, 0, 30).size() == 7);  // all there are
}

TEST_CASE("random_out is a way to name how many nodes pull_gossip asks on the complete graph") {
  Json json = small_gossip("pull_gossip");
  json["topology"] = "complete";
  json["protocol"]["parameters"]["peers"] = 3;
  Json named = small_gossip("pull_gossip");
  named["topology"] = {{"name", "random_out"}, {"parameters", {{"peers", 3}}}};
  CHECK(digest_of_run(named) == digest_of_run(json));
  CHECK(places_of_issues(with(named, "/topology/parameters/peers", 8)) ==
        Places{"/topology/parameters/peers"});
  CHECK(places_of_issues(with(named, "/topology/every", 2)) == Places{"/topology/every"});
  for (const char* other : {"gossip", "pairwise_gossip"})
    CHECK(places_of_issues(with(named, "/protocol", other)) == Places{"/topology"});
}

// Pulls on a complete graph, where Byzantine nodes have that many identifiers.
Json biased_pulls(int count, int byzantine, int peers, int identifiers) {
  Json json = with_byzantine(small_gossip("pull_gossip"), byzantine, "reversed");
  json["nodes"]["count"] = count;
  json["topology"] = "complete";
  json["protocol"]["parameters"] = {{"peers", peers}, {"identifiers", identifiers}};
  return json;
}

TEST_CASE("a Byzantine node is drawn in proportion to its identifiers") {
  // Node 3 draws one of 5 honest identifiers and 2 x 5 Byzantine ones.
  const World world(biased_pulls(8, 2, 1, 5));
  constexpr int kDraws = 3000;
  int byzantine = 0;
  for (std::int64_t step = 0; step < kDraws; ++step)
    byzantine += world.workload->graph_at(0).peers_at(3, step, 1).front() >= 6 ? 1 : 0;
  CHECK(std::abs(byzantine - kDraws * 10 / 15) < 5 * 26);  // standard deviations
}

TEST_CASE("a node with many identifiers is drawn once all the same") {
  const World world(biased_pulls(8, 2, 3, 1'000'000));
  for (std::int64_t step = 0; step < 50; ++step) {
    const std::vector<std::uint32_t> peers = world.workload->graph_at(0).peers_at(3, step, 3);
    REQUIRE(peers.size() == 3);
    CHECK(peers[0] < 6);
    CHECK(peers[1] == 6);
    CHECK(peers[2] == 7);
  }
}

TEST_CASE("rules assume the most Byzantine vectors that biased draws bring") {
  const auto assumed = [](int identifiers) {
    return World(biased_pulls(12, 3, 3, identifiers)).workload->graph_at(0).tolerated(0);
  };
  // All three in one of 6 steps of 9 nodes: 1 of 165 draws if they are uniform.
  CHECK(assumed(1) == 2);
  CHECK(assumed(1'000'000) == 3);
}

TEST_CASE("gradient tracking sends two vectors to each neighbour in a round") {
  const Json json = small_gossip("gradient_tracking");
  CHECK(totals_of(json).messages == 6 * 8 * 4 * 2);
}

TEST_CASE("a rule of too many subsets is refused with a remedy that makes them fewer") {
  Json json = small_gossip();
  json["nodes"]["count"] = 20;
  json["nodes"]["aggregator"] = "hyperbox";
  json["nodes"]["tolerated"] = 6;
  json["topology"] = "complete";
  try {
    read(json);
    FAIL("there are C(20, 6) = 38760 subsets, and hyperbox looks at 10000");
  } catch (const InputError& error) {
    CHECK(error.issues().at(0).where == "/nodes/aggregator");
    CHECK_THAT(error.issues().at(0).remedy, ContainsSubstring("a graph of lower degree"));
  }
}

TEST_CASE("nodes of a graph have no gradient of their own to compare with") {
  Json json = small_gossip();
  json["nodes"]["aggregator"] = "fltrust";
  try {
    read(json);
    FAIL("fltrust has nothing to compare with");
  } catch (const InputError& error) {
    CHECK_THAT(error.issues().at(0).problem,
               ContainsSubstring("nodes of a graph aggregate models"));
  }
}

TEST_CASE("an adversary that rushes waits only for nodes that are asked") {
  Json json = steady(with_byzantine(small_gossip("pull_gossip"), 2, "reversed"));
  json["nodes"]["count"] = 12;
  json["nodes"]["aggregator"] = "average";
  json["protocol"]["parameters"]["peers"] = 1;
  json["topology"] = "complete";
  json["unsafe"] = true;
  json["compute"] = {{"gradient", {{"name", "constant"}, {"parameters", {{"value", "10 ms"}}}}}};
  const auto ended = [](const Json& scenario) {
    World world(scenario);
    run_to_end(world.simulation);
    return world.simulation.now();
  };
  Json rushing = json;
  rushing["adversary"]["rushing"] = "all";
  // Computing times are constant: all honest answers of a step are sent at once, and none who is
  // asked times out.
  CHECK(ended(rushing) == ended(json));
}

TEST_CASE("what a graph does not allow is refused with the place") {
  const Json gossip = small_gossip();
  Json chain = with_byzantine(gossip, 1, "reversed");
  chain["topology"] = "chain";
  chain["nodes"]["placement"] = {{"name", "list"}, {"parameters", {{"nodes", {3}}}}};
  CHECK(places_of_issues(chain) == Places{"/topology"});  // the honest part falls apart
  Json clipped = with_byzantine(gossip, 2, "reversed");
  clipped["nodes"]["aggregator"] = "clipped_gossip";
  CHECK(places_of_issues(clipped).empty());
  clipped["nodes"]["tolerated"] = 1;  // nodes 5 and 0 have both Byzantine ones
  CHECK(places_of_issues(clipped) == Places{"/nodes/tolerated"});
  Json krum = with_byzantine(gossip, 2, "reversed");
  krum["nodes"]["aggregator"] = "krum";  // n >= 2f + 3, and n = 5
  CHECK(places_of_issues(krum) == Places{"/nodes/aggregator"});
  CHECK(places_of_issues(with(gossip, "/nodes/count", 4)) ==
        Places{"/topology/parameters/neighbours"});
  Json grouped = with_byzantine(gossip, 1, "reversed");
  grouped["nodes"]["aggregator"] = "clipped_gossip";
  grouped["nodes"]["pre"] = {"bucketing"};  // after which no vector is the node's own
  CHECK(places_of_issues(grouped) == Places{"/nodes/aggregator"});
  Json pulls = small_gossip("pull_gossip");
  pulls["protocol"]["parameters"]["peers"] = 5;  // and a node has four neighbours
  CHECK(places_of_issues(pulls) == Places{"/protocol/parameters/peers"});
  Json servers = gossip;
  servers["servers"] = {{"count", 3}};
  CHECK(places_of_issues(servers) == Places{"/servers"});
}

TEST_CASE("a rule assumes as many Byzantine neighbours as the worst placed honest node has") {
  const auto tolerated = [](Json json) {
    json["nodes"]["aggregator"] = "clipped_gossip";
    return World(json).workload->graph_at(0).tolerated(0);
  };
  CHECK(tolerated(small_gossip()) == 0);
  CHECK(tolerated(with_byzantine(small_gossip(), 2, "reversed")) == 2);  // nodes 6 and 7: of node 0
  Json declared = small_gossip();
  declared["nodes"]["byzantine"] = {{"declared", 2}, {"actual", 0}};
  CHECK(tolerated(declared) == 2);
  CHECK(tolerated(with(declared, "/nodes/tolerated", 1)) == 1);
}

}  // namespace byzsim::gossip_test
