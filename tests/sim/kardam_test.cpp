// Kardam's filters alone, and what they are worth in a run.
#include "sim/nodes/kardam_filter.h"

#include <limits>
#include <string>
#include <vector>

#include "tests/catch.h"
#include "tests/sim/async_scenarios.h"

namespace byzsim::kardam_test {
namespace {

Payload number(float value) { return Payload(std::vector<float>{value}); }

/// Whether each of these workers' updates is accepted in turn, in a run without numbers.
std::vector<bool> accepted_in_turn(KardamFilter filter, const std::vector<std::uint32_t>& workers) {
  std::vector<bool> accepted;
  for (const std::uint32_t worker : workers)
    accepted.push_back(filter.accepts(worker, Payload::blank(8), Payload::blank(8)));
  return accepted;
}

/// A filter without the frequency filter's effect on these calls: n = 7, f = 1, and workers 0 to 4
/// have sent the gradient 1 at model 0.
KardamFilter after_ones() {
  KardamFilter filter(7, 1);
  for (std::uint32_t worker = 0; worker < 5; ++worker) filter.accepts(worker, number(0), number(1));
  return filter;
}

/// Judgements on the gradients of all workers.
std::uint64_t accepted_of(const Totals& totals) {
  return totals.accepted + totals.byzantine_accepted;
}
std::uint64_t rejected_of(const Totals& totals) {
  return totals.rejected + totals.byzantine_rejected;
}

constexpr float kInfinity = std::numeric_limits<float>::infinity();

}  // namespace

TEST_CASE("a worker is refused while one of the last 2f accepted updates is its own") {
  CHECK(accepted_in_turn(KardamFilter(4, 1), {0, 0, 1, 0, 2, 0}) ==
        std::vector<bool>{true, false, true, false, true, true});
}

TEST_CASE("any 2f + 1 accepted updates in turn are by different workers") {
  CHECK(accepted_in_turn(KardamFilter(7, 2), {6, 5, 6, 5, 0, 6, 1, 5, 6, 2, 6, 5}) ==
        std::vector<bool>{true, true, false, false, true, false, true, false, false, true, true,
                          true});
}

TEST_CASE("with nobody declared Byzantine everything is accepted") {
  CHECK(accepted_in_turn(KardamFilter(4, 0), {0, 0, 0}) == std::vector<bool>{true, true, true});
  KardamFilter filter(2, 0);
  CHECK(filter.accepts(0, number(0), number(1)));
  CHECK(filter.accepts(1, number(0), number(1000)));
  CHECK(filter.accepts(0, number(1), number(-1000)));
}

TEST_CASE("the first f workers are not believed before others are known") {
  KardamFilter filter(4, 1);
  CHECK_FALSE(filter.accepts(3, number(0), number(1000)));
  CHECK(filter.accepts(0, number(0), number(1)));
  CHECK_FALSE(filter.accepts(3, number(0), number(1000)));
}

TEST_CASE("where the model has not moved norms are compared") {
  KardamFilter filter = after_ones();
  CHECK_FALSE(filter.accepts(5, number(0), number(-1.5f)));  // above the fifth of six norms, 1
  CHECK(filter.accepts(5, number(0), number(-1)));
}

TEST_CASE("a gradient passes when its growth is within the quantile of all workers'") {
  KardamFilter filter = after_ones();
  // The model has moved by 2. The quantile leaves out the largest of the coefficients known.
  CHECK_FALSE(filter.accepts(0, number(2), number(2)));     // 0.5, the only one
  CHECK(filter.accepts(1, number(2), number(1.5f)));        // 0.25 of {0.25, 0.5}
  CHECK_FALSE(filter.accepts(2, number(2), number(-100)));  // 50.5 of {0.25, 0.5, 50.5}
  CHECK(filter.accepts(3, number(2), number(2)));           // 0.5 of {0.25, 0.5, 0.5, 50.5}
}

TEST_CASE("a gradient that is not finite never passes beside finite ones") {
  for (const float lie : {kInfinity, -kInfinity, std::numeric_limits<float>::quiet_NaN()}) {
    KardamFilter filter = after_ones();
    CHECK_FALSE(filter.accepts(5, number(0), number(lie)));
    CHECK_FALSE(filter.accepts(5, number(2), number(lie)));
    CHECK_FALSE(filter.accepts(5, number(3), number(1)));  // its last one was no number
  }
}

TEST_CASE("kardam judges every gradient and makes one update of each it accepts") {
  World world(flooded_async("kardam"));
  const auto counted = gradients_counted(run_to_end(world.simulation));
  std::uint64_t total = 0;
  for (const auto& [worker, count] : counted) total += std::uint64_t(count);
  const Totals& totals = world.simulation.totals();
  CHECK(accepted_of(totals) == 24);  // steps
  CHECK(accepted_of(totals) + rejected_of(totals) == total);
  CHECK(rejected_of(totals) > 0);
}

TEST_CASE("a rejected worker is given a model again") {
  const Totals totals = totals_of(flooded_async("kardam"));
  // 7 at the start and one after each judgement but that of the last update.
  CHECK(totals.messages_by_phase[std::size_t(Phase::model)] ==
        7 + accepted_of(totals) + rejected_of(totals) - 1);
}

TEST_CASE("kardam holds where flooding breaks async_sgd") {
  const auto clean = final_accuracy(with(small_async("async_sgd"), "/steps", 150));
  const auto flooded = final_accuracy(with(flooded_async("kardam"), "/steps", 150));
  REQUIRE(flooded);
  CHECK(*flooded > 0.9 * *clean);
}

TEST_CASE("without numbers the frequency filter still refuses who answers too often") {
  Json json = flooded_async("kardam");
  json["numbers"] = "none";
  json["dimension"] = 1000;
  for (const char* key : {"model", "data"}) json.erase(key);
  const Totals totals = totals_of(json);
  CHECK(accepted_of(totals) == 24);
  CHECK(rejected_of(totals) > 24);
}

TEST_CASE("kardam that rejects all that comes ends the run, which has stalled") {
  // One worker answers, and with f = 1 the frequency filter waits for two others.
  Json json = with(small_async("kardam"), "/numbers", "none");
  json["dimension"] = 21;
  for (const char* key : {"model", "data"}) json.erase(key);
  json["workers"]["byzantine"] = {{"declared", 1}, {"actual", 6}};
  json["unsafe"] = true;
  json["adversary"] = {{"workers", "silent"}};
  World world(json);
  run_to_end(world.simulation);
  CHECK_FALSE(world.simulation.trained());
  CHECK(accepted_of(world.simulation.totals()) == 1);
  CHECK(rejected_of(world.simulation.totals()) == 7 * 1000);  // 1,000 for each worker
}

TEST_CASE("kardam needs n > 3f workers") {
  Json json = small_async("kardam");
  json["workers"]["byzantine"]["declared"] = 2;
  CHECK(places_of_issues(json).empty());
  json["workers"]["count"] = 6;
  CHECK(places_of_issues(json) == std::vector<std::string>{"/workers/count"});
  CHECK(places_of_issues(with(json, "/unsafe", true)).empty());
  try {
    read(json);
  } catch (const InputError& error) {  // 3 * 2 + 1
    CHECK_THAT(error.issues().at(0).remedy, Catch::Matchers::StartsWith("use at least 7 workers"));
  }
}

}  // namespace byzsim::kardam_test
