// Buffered asynchronous SGD.
#include "sim/nodes/buffered_server.h"

#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/sim/async_scenarios.h"

namespace byzsim::basgd_test {
namespace {

using Places = std::vector<std::string>;

Json with_buffers(Json json, int buffers) {
  json["protocol"]["parameters"]["buffers"] = buffers;
  return json;
}

/// Seven workers of which f are declared Byzantine, and B buffers.
Places places_of(int f, int buffers, const std::string& rule) {
  Json json = with_buffers(small_async("basgd"), buffers);
  json["workers"]["byzantine"] = {{"declared", f}};
  json["workers"]["aggregator"] = rule;
  return places_of_issues(json);
}

/// What is wrong with B buffers of seven workers, two of which are declared Byzantine.
std::string problem_with(int buffers) {
  Json json = with_buffers(small_async("basgd"), buffers);
  json["workers"]["byzantine"] = {{"declared", 2}};
  try {
    read(json);
  } catch (const InputError& error) {
    return error.issues().at(0).problem;
  }
  return "";
}

/// A vector of small_sgd's dimension, 3 * (6 + 1) = 21, with one value everywhere.
std::vector<float> all(float value) { return std::vector<float>(21, value); }

}  // namespace

TEST_CASE("a running mean is the mean") {
  const World world(small_async("basgd"));
  const Payload one = running_mean(world.workload, Payload(), Payload(all(1)), 1);
  const Payload two = running_mean(world.workload, one, Payload(all(4)), 2);
  CHECK(one.values() == all(1));
  CHECK(two.values() == all(2.5f));
}

TEST_CASE("a worker waits for the new model only when its gradient filled the last buffer") {
  Json json = with_buffers(small_async("basgd"), 7);
  json["network"] = {{"delay", "constant"}};
  json["compute"] = {{"aggregation", {{"name", "constant"}, {"parameters", {{"value", "0 ms"}}}}}};
  World world(json);
  auto counted = gradients_counted(run_to_end(world.simulation));
  // All seven gradients arrive at once, worker 6's last: the six before it are given the old model
  // once more, so that each is one step behind in the next update.
  for (std::uint32_t worker = 0; worker < 7; ++worker) CHECK(counted[worker] == 24);
  CHECK(*world.simulation.metrics().back().staleness == Approx(6.0 / 7));
}

TEST_CASE("basgd answers each gradient with a model until it is done") {
  const Totals totals = totals_of(small_async("basgd"));
  CHECK(totals.messages_by_phase[std::size_t(Phase::model)] ==
        totals.messages_by_phase[std::size_t(Phase::gradient)]);
}

TEST_CASE("with one buffer basgd descends along each gradient") {
  const auto rows = rows_of(with(with_buffers(small_async("basgd"), 1), "/steps", 100));
  CHECK(*rows.back().loss < 0.7 * *rows.front().loss);
}

TEST_CASE("basgd holds where flooding breaks async_sgd") {
  const auto clean = final_accuracy(with(small_async("async_sgd"), "/steps", 150));
  Json json = with(flooded_async("basgd"), "/steps", 150);
  // The median of three correct buffers and two below them all would be the least honest one.
  json["workers"]["aggregator"] = "mda";
  const auto flooded = final_accuracy(json);
  REQUIRE(flooded);
  CHECK(*flooded > 0.9 * *clean);
}

TEST_CASE("basgd has 2f + 1 buffers when it is left the choice") {
  Json json = small_async("basgd");
  json["workers"]["byzantine"]["declared"] = 2;
  const Scenario scenario = read(json);
  CHECK(scenario.protocol.parameters.integer("buffers") == 5);
  CHECK(scenario.workers.quorum == 5);
}

TEST_CASE("basgd needs 2f + 1 <= B <= n - f buffers, and a rule for B vectors") {
  const std::string buffers = "/protocol/parameters/buffers";
  CHECK(places_of(2, 4, "median") == Places{buffers});
  CHECK(places_of(2, 5, "median").empty());
  CHECK(places_of(2, 6, "median") == Places{buffers});
  CHECK(places_of(1, 4, "krum") == Places{"/workers/aggregator"});  // 2f + 3 = 5
  CHECK(places_of(1, 5, "krum").empty());
}

TEST_CASE("refused buffers are told how many there may be") {
  using Catch::Matchers::StartsWith;
  CHECK_THAT(problem_with(4), StartsWith("BASGD needs B >= 2f + 1 = 5 buffers"));  // f = 2
  CHECK_THAT(problem_with(6), StartsWith("BASGD needs B <= n - f = 5 buffers"));   // n = 7
  CHECK_THAT(problem_with(8), StartsWith("8 buffers cannot all be filled: there are 7 workers"));
}

TEST_CASE("unsafe never lifts more buffers than workers") {
  CHECK(places_of_issues(with(with_buffers(small_async("basgd"), 8), "/unsafe", true)) ==
        Places{"/protocol/parameters/buffers"});
}

}  // namespace byzsim::basgd_test
