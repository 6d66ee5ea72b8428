#include "sim/nodes/sync_filters.h"

#include <cmath>
#include <map>
#include <utility>
#include <vector>

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::sync_filters_test {
namespace {

Json small_sync() {
  Json json = small_byzsgd();
  json["steps"] = 40;
  json["protocol"] = {{"name", "byzsgd_sync"}, {"parameters", {{"gather_period", 10}}}};
  json["servers"]["byzantine"]["actual"] = 1;
  return json;
}

Totals totals_of(const Json& json) {
  World world(json);
  run_to_end(world.simulation);
  REQUIRE(world.simulation.trained());
  return world.simulation.totals();
}

}  // namespace

TEST_CASE("the Lipschitz coefficient is the change of the gradient over the length of the step") {
  const std::vector<float> now = {3, 4}, before = {0, 0};
  CHECK(lipschitz_coefficient(now, before, 2) == 2.5);  // 5 / 2
}

TEST_CASE("a quantile lies between order statistics as numpy's does") {
  CHECK(quantile({4, 1, 3, 2}, 0.5) == 2.5);
  CHECK(quantile({1, 2, 3, 4, 5}, 0.8) == Approx(4.2));  // numpy.percentile([1..5], 80)
  CHECK(quantile({7}, 0.8) == 7);
}

TEST_CASE("a coefficient is judged among the latest, of which 100 become 50") {
  std::vector<double> latest;
  for (int i = 0; i < 50; ++i) within_latest(latest, 9, 0.75);
  for (int i = 0; i < 49; ++i) within_latest(latest, 1, 0.75);
  CHECK(within_latest(latest, 1, 0.75));  // the 100th: the 50 nines are forgotten
  CHECK(latest == std::vector<double>(50, 1));
  CHECK_FALSE(within_latest(latest, 2, 0.75));  // three quarters of 51 are ones
  CHECK(latest.size() == 51);
  CHECK(within_latest(latest, 1, 0.75));  // what is equal does not exceed
}

TEST_CASE("the outlier bound follows the formula") {
  // eta ||g|| = 2, T = 10, n_w = 20, f_w = 6, t = 13: 2 (32 * 14 / 24 + 2 * 2)
  CHECK(outlier_bound(2, 10, 20, 6, 13) == Approx(2 * (32.0 * 14 / 24 + 4)));
  CHECK(std::isinf(outlier_bound(2, 10, 20, 0, 13)));  // nobody lies
}

TEST_CASE("the filters stop a server that reverses its models") {
  const Totals totals = totals_of(small_sync());
  CHECK(totals.byzantine_rejected > 0);
  CHECK(totals.byzantine_accepted == 0);
  CHECK(totals.accepted > totals.rejected);
}

TEST_CASE("a worker that rejects a model may accept the equal one of the next server") {
  // Without an enemy all servers hear the same and are equal: only the batch of a retry is new.
  World world(with(small_sync(), "/servers/byzantine/actual", 0));
  std::map<std::pair<NodeId, std::int64_t>, int> pulls;  // by worker and step
  for (const Occurrence& event : run_to_end(world.simulation))
    if (event.message() && event.message()->phase == Phase::request && event.message()->round > 0)
      ++pulls[{event.message()->sender, event.message()->step}];
  std::map<int, int> steps_by_pulls;
  for (const auto& [step, count] : pulls) ++steps_by_pulls[count];
  CHECK(steps_by_pulls[1] > 0);
  CHECK(steps_by_pulls[2] > steps_by_pulls[5]);
}

TEST_CASE("without filters every pulled model is taken and none is judged") {
  Json json = small_sync();
  json["protocol"]["parameters"]["filters"] = false;
  const Totals totals = totals_of(json);
  CHECK(totals.accepted + totals.rejected + totals.byzantine_accepted == 0);
  CHECK(totals.messages_by_phase[0] == 36 * 7 + 4 * 7 * 5);  // a model a step, all in a gather
}

TEST_CASE("silent nodes cost synchronous ByzSGD its timeout and nothing else") {
  Json json = small_sync();
  json["steps"] = 5;
  json["protocol"]["parameters"]["timeout"] = "50 ms";
  json["workers"]["byzantine"]["actual"] = 2;
  json["adversary"] = {{"workers", "silent"}, {"servers", "silent"}};
  World world(json);
  run_to_end(world.simulation);
  CHECK(world.simulation.trained());
  CHECK(world.simulation.metrics().back().simulated_seconds >= 5 * 0.05);
}

TEST_CASE("a worker that loses step with its servers joins them again") {
  Json json = small_sync();
  json["protocol"]["parameters"]["timeout"] = "50 ms";
  const Json crash = {{"nodes", "worker 0"}, {"start", "20 ms"}, {"end", "300 ms"}};
  json["network"]["faults"] = Json::array({{{"name", "crash"}, {"parameters", crash}}});
  World world(json);
  run_to_end(world.simulation);
  CHECK(world.simulation.trained());
  CHECK(world.simulation.invariants().broken().empty());
}

}  // namespace byzsim::sync_filters_test
