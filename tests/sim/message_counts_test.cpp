// Messages per step, exactly, as they follow from who speaks to whom in each protocol (n_w = 20,
// n_ps = 5).
#include <string>

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::message_counts_test {
namespace {

/// Time and messages only; as many steps as hold whole periods.
Json paper_setting(const Json& protocol, std::int64_t steps) {
  return {{"name", "counts"},
          {"steps", steps},
          {"protocol", protocol},
          {"servers", {{"count", 5}, {"byzantine", {{"declared", 1}}}}},
          {"workers", {{"count", 20}, {"byzantine", {{"declared", 5}}}}},
          {"numbers", "none"},
          {"dimension", 10},
          {"metrics", {{"every", 1000}}}};
}

std::uint64_t messages_of(const Json& json) {
  World world(json);
  run_to_end(world.simulation);
  REQUIRE(world.simulation.trained());
  return world.simulation.totals().messages;
}

Json with_period(const std::string& protocol, std::int64_t period) {
  return {{"name", protocol}, {"parameters", {{"gather_period", period}}}};
}

constexpr std::int64_t kPeriods[] = {1, 10, 333};

}  // namespace

TEST_CASE("plain SGD sends 2 n_w = 40 messages a step") {
  Json json = paper_setting("sgd", 50);
  json["servers"] = {{"count", 1}};
  CHECK(messages_of(json) == 50 * 40);
}

TEST_CASE("GuanYu sends 2 n_w n_ps + n_ps (n_ps - 1) = 220 messages a step") {
  Json json = paper_setting("guanyu", 50);
  json["unsafe"] = true;  // 5 servers are fewer than its 3f + 3
  CHECK(messages_of(json) == 50 * 220);
}

TEST_CASE("asynchronous ByzSGD sends 200 + 20 / T messages a step") {
  for (const std::int64_t period : kPeriods) {
    CAPTURE(period);
    const auto gathers = std::uint64_t{3};
    CHECK(messages_of(paper_setting(with_period("byzsgd", period), 3 * period)) ==
          200 * 3 * static_cast<std::uint64_t>(period) + 20 * gathers);
  }
}

TEST_CASE("synchronous ByzSGD sends n_w + n_w n_ps + (n_ps - 1)(n_ps + n_w) / T messages a step") {
  for (const std::int64_t period : kPeriods) {
    CAPTURE(period);
    const auto gathers = std::uint64_t{3};
    CHECK(messages_of(paper_setting(with_period("byzsgd_sync", period), 3 * period)) ==
          (20 + 100) * 3 * static_cast<std::uint64_t>(period) + 4 * 25 * gathers);
  }
}

}  // namespace byzsim::message_counts_test
