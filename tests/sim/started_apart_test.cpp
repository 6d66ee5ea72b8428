// Servers that start apart: where they begin, what one gather makes of them, what is refused.
#include <algorithm>
#include <map>
#include <vector>

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::started_apart_test {
namespace {

/// Five servers of a one-dimensional model that gradients move by 1e-30, one of them a liar; the
/// honest ones start at these places and gather in every step.
Json at_places(const std::vector<double>& places) {
  return parse_json(R"({
    "steps": 3, "protocol": {"name": "byzsgd", "parameters": {"gather_period": 1}},
    "servers": {"count": 5, "byzantine": {"declared": 1, "actual": 1}, "aggregator": "median",
                "start": )" +
                        Json(places).dump() +
                        R"(},
    "workers": {"count": 4, "aggregator": "average", "batch_size": 1},
    "model": "quadratic",
    "data": {"name": "blobs", "parameters": {"dimension": 1, "classes": 2, "train": 4, "test": 4,
                                             "spread": 0, "separation": 0}},
    "optimizer": {"rate": {"name": "constant", "parameters": {"initial": 1e-30}}},
    "adversary": {"servers": "equivocation"}, "metrics": {"every": 1}})",
                    "at_places");
}

/// The models that honest servers say in each step, by server.
std::map<std::int64_t, std::vector<float>> places_by_step(const Json& json) {
  World world(json);
  std::map<std::int64_t, std::map<NodeId, float>> said;
  for (const Occurrence& event : run_to_end(world.simulation))
    if (event.message() && event.message()->phase == Phase::model &&
        !world.scenario.is_byzantine(event.message()->sender))
      said[event.message()->step][event.message()->sender] = event.message()->vector.values().at(0);
  std::map<std::int64_t, std::vector<float>> places;
  for (const auto& [step, by_server] : said)
    for (const auto& [server, place] : by_server) places[step].push_back(place);
  return places;
}

std::vector<Issue> issues_of(const Json& json) {
  try {
    read(json);
  } catch (const InputError& error) {
    return error.issues();
  }
  return {};
}

}  // namespace

TEST_CASE("servers start where the scenario puts them") {
  CHECK(places_by_step(at_places({1, 2, 3, 4})).at(0) == std::vector<float>{1, 2, 3, 4});
  CHECK(places_by_step(at_places({})).at(0) == std::vector<float>{0, 0, 0, 0});
}

TEST_CASE("where a server starts is added to every coordinate of the model's own start") {
  const World together(small_byzsgd());
  const World apart(with(small_byzsgd(), "/servers/start", {0, 0.5, 0, 0, -2}));
  const std::vector<float> own = together.workload->initial_model(1).values();
  const std::vector<float> moved = apart.workload->initial_model(1).values();
  REQUIRE(own.size() == 21);
  for (std::size_t c = 0; c < own.size(); ++c) CHECK(moved[c] == float(double(own[c]) + 0.5));
  CHECK(apart.workload->initial_model(0).values() == own);
}

TEST_CASE("a Byzantine server that the list leaves out starts with the model's own start") {
  const World world(at_places({1, 2, 3, 4}));
  CHECK(world.workload->initial_model(4).values() == std::vector<float>{0});
}

TEST_CASE("one gather brings four servers at 1 to 4 into their middle whoever is heard") {
  // Slide 12: the mean of the middle two of four, of which one is anything.
  for (int seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    const auto places = places_by_step(with(at_places({1, 2, 3, 4}), "/seed", seed)).at(1);
    REQUIRE(places.size() == 4);
    CHECK(*std::min_element(places.begin(), places.end()) >= 1.5f);
    CHECK(*std::max_element(places.begin(), places.end()) <= 3.5f);
  }
}

TEST_CASE("MoNNA in a gather begins with the receiver's own model") {
  // All messages take equally long: a server hears itself and the first five of the six others.
  // From 0 the five nearest of 0, 0, 0, 0, 100, 100 are 0, 0, 0, 0, 100; from 100 they are 100,
  // 100, 0, 0, 0.
  Json json = at_places({0, 0, 0, 0, 100, 100, 100});
  json["servers"].update(parse_json(
      R"({"count": 7, "byzantine": {"declared": 1, "actual": 0}, "aggregator": "monna"})", ""));
  json["network"] = {{"delay", "constant"}};
  CHECK(places_by_step(json).at(1) == std::vector<float>{20, 20, 20, 20, 40, 40, 40});
  json["servers"]["aggregator"] = {{"name", "monna"}, {"parameters", {{"pivot", 0}}}};
  CHECK(places_by_step(json).at(1) == std::vector<float>(7, 20));
}

TEST_CASE("two halves at 1 and 2 that a scheduler keeps apart stay where they are") {
  Json json = at_places({1, 1, 2, 2});
  json["adversary"] = {{"servers", "split"}, {"scheduler", "keep_apart"}};
  for (const auto& [step, places] : places_by_step(json)) {
    CAPTURE(step);
    CHECK(places == std::vector<float>{1, 1, 2, 2});
  }
}

TEST_CASE("a list of starts names every server or every honest one") {
  CHECK(issues_of(at_places({1, 2, 3, 4, 5})).empty());
  const std::vector<Issue> issues = issues_of(at_places({1, 2, 3}));
  REQUIRE(issues.size() == 1);
  CHECK(to_string(issues[0]) ==
        "/servers/start: there are 3 numbers for 5 servers, of which 4 are honest; give one for "
        "each server, or one for each honest one");
}

TEST_CASE("starts that are no list of numbers are refused") {
  for (const Json& start : {Json(3), Json({1, "x"}), Json({1e31, 0, 0, 0, 0})}) {
    const std::vector<Issue> issues = issues_of(with(small_byzsgd(), "/servers/start", start));
    REQUIRE(issues.size() == 1);
    CHECK(issues[0].where == "/servers/start");
    CHECK(issues[0].problem.find("a list of numbers, each in [-1e+30, 1e+30]") !=
          std::string::npos);
  }
}

TEST_CASE("replicas that agree on every step cannot start apart") {
  Json json = small_byzsgd();
  json["protocol"] = "consensus_sgd";
  json["servers"]["count"] = 4;
  CHECK(issues_of(json).empty());
  const std::vector<Issue> issues = issues_of(with(json, "/servers/start", {0, 0, 0, 1}));
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == "/servers/start");
}

TEST_CASE("a run without numbers has nothing to start apart") {
  Json json = with(small_byzsgd(), "/numbers", "none");
  json["dimension"] = 10;
  const std::vector<Issue> issues = issues_of(with(json, "/servers/start", {0, 0, 0, 0, 1}));
  REQUIRE(issues.size() == 1);
  CHECK(issues[0].where == "/servers/start");
}

}  // namespace byzsim::started_apart_test
