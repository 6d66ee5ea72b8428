// Twins: two honest nodes under one identity, each heard by one half of the nodes.
#include <map>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

#include "sim/scenario/halves.h"
#include "tests/catch.h"
#include "tests/sim/async_scenarios.h"

namespace byzsim::twins_test {
namespace {

Json twins(const std::string& later) {
  return {{"name", "twins"}, {"parameters", {{"later", later}}}};
}

/// Five servers, the last of which is twins, and seven workers, of which nobody lies.
Json with_twin_server(const std::string& later) {
  Json json = small_byzsgd();
  json["servers"]["byzantine"]["actual"] = 1;
  json["adversary"]["servers"] = twins(later);
  return json;
}

/// The same where two of the workers are twins too.
Json with_all_twins(const std::string& later) {
  Json json = with_twin_server(later);
  json["workers"]["byzantine"]["actual"] = 2;
  json["adversary"]["workers"] = twins(later);
  return json;
}

using Word = std::tuple<NodeId, NodeId, Phase, std::int64_t>;  // sender, receiver, phase, step

constexpr NodeId kTwins{Role::server, 4};

/// Every vector that nodes other than the last server heard, as often as they did.
std::multimap<Word, std::vector<float>> heard(const Json& json) {
  World world(json);
  std::multimap<Word, std::vector<float>> words;
  for (const Occurrence& event : run_to_end(world.simulation))
    if (event.message() && event.target != kTwins)
      words.emplace(Word{event.message()->sender, event.target, event.message()->phase,
                         event.message()->step},
                    event.message()->vector.values());
  return words;
}

/// What the last server tells each half in each phase and step; a half hears one vector.
std::map<std::pair<Phase, std::int64_t>, std::map<int, std::set<std::vector<float>>>> told_halves(
    const Json& json) {
  const Scenario scenario = read(json);
  std::map<std::pair<Phase, std::int64_t>, std::map<int, std::set<std::vector<float>>>> told;
  for (const auto& [word, vector] : heard(json)) {
    const auto& [sender, receiver, phase, step] = word;
    if (sender == kTwins) told[{phase, step}][half_of(scenario, receiver)].insert(vector);
  }
  return told;
}

std::vector<std::string> places_refused(const Json& json) {
  std::vector<std::string> places;
  try {
    make_adversary(read(json));
  } catch (const InputError& error) {
    for (const Issue& issue : error.issues()) places.push_back(issue.where);
  }
  return places;
}

}  // namespace

TEST_CASE("twins that hear everything at once say what one honest node would say") {
  const bool equal = heard(with_twin_server("0 ns")) == heard(small_byzsgd());
  CHECK(equal);
}

TEST_CASE("twins that hear the other half later say different things, one to each half") {
  int different = 0;
  for (const auto& [moment, halves] : told_halves(with_twin_server("2 ms"))) {
    CAPTURE(to_string(moment.first), moment.second);
    for (const auto& [half, vectors] : halves) CHECK(vectors.size() == 1);
    if (halves.size() == 2) different += halves.at(0) != halves.at(1);
  }
  CHECK(different >= 3);
}

TEST_CASE("no honest node hears two vectors of twins for one step and phase") {
  const Scenario scenario = read(with_all_twins("1 ms"));
  const auto words = heard(with_all_twins("1 ms"));
  for (const auto& [word, vector] : words)
    if (!scenario.is_byzantine(std::get<1>(word))) REQUIRE(words.count(word) == 1);
}

TEST_CASE("a half never hears the other half's twin") {
  World world(with_all_twins("1 ms"));
  std::set<std::pair<NodeId, int>> heard_of;
  for (const Occurrence& event : run_to_end(world.simulation)) {
    if (!event.message() || !world.scenario.is_byzantine(event.message()->sender)) continue;
    heard_of.insert({event.message()->sender, event.message()->twin});
    if (!world.scenario.is_byzantine(event.target))
      REQUIRE(event.message()->twin == half_of(world.scenario, event.target));
  }
  CHECK(heard_of.size() == 3 * 2);  // both of each, at one time or other
}

TEST_CASE("runs with twins reach their last step in every protocol of replicated servers") {
  const Json all = with_all_twins("1 ms");
  Json guanyu = with(all, "/protocol", "guanyu");
  guanyu["servers"]["count"] = 6;
  guanyu["workers"]["count"] = 9;
  Json mean = with(all, "/protocol", "replicated_mean");
  mean["servers"]["aggregator"] = "average";
  Json learn = small_learn(true);
  learn["nodes"]["byzantine"]["actual"] = 1;
  learn["adversary"] = {{"nodes", "twins"}};
  for (const Json& json : {all, with(all, "/protocol", "byzsgd_sync"), guanyu, mean,
                           with(all, "/protocol", "consensus_sgd"), learn}) {
    CAPTURE(json["protocol"].dump());
    World world(json);
    run_to_end(world.simulation);
    CHECK(world.simulation.trained());
    CHECK(world.simulation.invariants().broken().empty());
    CHECK(digest_of_run(json, 3) == world.simulation.digest());
  }
}

TEST_CASE("consensus keeps replicas equal although a replica is twins") {
  Json json = with(with_twin_server("1 ms"), "/protocol", "consensus_sgd");
  json["servers"]["count"] = 4;
  const auto rows = rows_of(json);
  REQUIRE(rows.size() == 7);
  for (const MetricsRow& row : rows) CHECK(row.drift == 0);
}

TEST_CASE("a copy takes both twins along") {
  const Json json = with_all_twins("1 ms");
  const RunDigest whole = digest_of_run(json);
  for (const int at : {40, 111, 250, 333}) {
    World world(json);
    for (int i = 0; i < at; ++i) world.simulation.advance();
    Simulation copy = world.simulation;
    run_to_end(world.simulation);
    run_to_end(copy);
    CHECK(copy.digest() == whole);
    CHECK(world.simulation.digest() == whole);
  }
}

TEST_CASE("twins need two halves to tell different things") {
  using Places = std::vector<std::string>;
  for (const std::string protocol : {"async_sgd", "kardam", "basgd"}) {
    Json json = flooded_async(protocol);
    json["adversary"] = {{"workers", "twins"}};
    CHECK(places_refused(json) == Places{"/adversary/workers"});
  }
  Json learn = with(small_learn(true), "/nodes/byzantine/actual", 1);
  learn["adversary"] = {{"gradients", "twins"}};
  CHECK(places_refused(learn) == Places{"/adversary/gradients"});
  learn["adversary"]["nodes"] = "twins";
  CHECK(places_refused(learn).empty());
}

}  // namespace byzsim::twins_test
