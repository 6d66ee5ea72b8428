// Runs of time and messages only.
#include <vector>

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::without_numbers_test {
namespace {

/// The scenario with blank vectors of its own dimension, 21.
Json without_numbers(Json json) {
  json["numbers"] = "none";
  json["dimension"] = 21;
  return json;
}

std::vector<Json> small_scenarios() {
  return {small_sgd(), small_byzsgd(), small_attacked_byzsgd()};
}

}  // namespace

TEST_CASE("without numbers the same events happen as with them") {
  for (const Json& json : small_scenarios()) {
    CAPTURE(json["name"].dump());
    CHECK(digest_of_run(without_numbers(json)).schedule == digest_of_run(json).schedule);
  }
}

TEST_CASE("without numbers the same messages are sent as with them") {
  for (const Json& json : small_scenarios()) {
    CAPTURE(json["name"].dump());
    World blank(without_numbers(json)), real(json);
    run_to_end(blank.simulation);
    run_to_end(real.simulation);
    const Totals &one = blank.simulation.totals(), &other = real.simulation.totals();
    CHECK(one.messages == other.messages);
    CHECK(one.bytes == other.bytes);
    CHECK(one.messages_by_phase == other.messages_by_phase);
    CHECK(one.bytes_by_phase == other.bytes_by_phase);
    CHECK(one.verdicts == other.verdicts);
  }
}

TEST_CASE("without numbers the number of threads changes no bit") {
  for (const Json& json : small_scenarios()) {
    const RunDigest one = digest_of_run(without_numbers(json), 1);
    for (const int threads : {2, 5}) CHECK(digest_of_run(without_numbers(json), threads) == one);
  }
}

TEST_CASE("without numbers a row holds time, counts and staleness, and nothing else") {
  World world(without_numbers(small_byzsgd()));
  run_to_end(world.simulation);
  const auto& rows = world.simulation.metrics();
  REQUIRE(rows.size() == 7);
  const MetricsRow& last = rows.back();
  CHECK(last.step == 6);
  CHECK(last.simulated_seconds > 0);
  CHECK(last.messages == 6 * 2 * 7 * 5 + 3 * 5 * 4);  // as ByzSGD sends, with three gathers
  CHECK(last.bytes == last.messages * (16 + 4 * 21));
  CHECK(last.staleness == 0.0);
  for (const char* name :
       {"accuracy", "accuracy_worst", "loss", "drift", "drift_coordinates", "drift_before",
        "drift_coordinates_before", "alignment", "variance_to_norm"}) {
    CAPTURE(name);
    CHECK_FALSE(metric_of(last, name));
  }
}

TEST_CASE("without numbers vectors may be larger than any memory") {
  World world(with(without_numbers(small_attacked_byzsgd()), "/dimension", 1'000'000'000'000));
  run_to_end(world.simulation);
  CHECK(world.simulation.trained());
}

}  // namespace byzsim::without_numbers_test
