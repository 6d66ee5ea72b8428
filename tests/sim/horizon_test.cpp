// A run that cannot end before simulated time does is refused before it begins, or when it gets
// there.
#include "sim/run/horizon.h"

#include "core/input/issue.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::horizon_test {
namespace {

Json constant(const std::string& value) {
  return {{"name", "constant"}, {"parameters", {{"value", value}}}};
}

// What is wrong with a run of the scenario before its first event; "" for nothing.
std::string refusal_before(const Json& json) {
  try {
    World world(json);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

// The same up to its last event.
std::string refusal_of(const Json& json) {
  try {
    World world(json);
    run_to_end(world.simulation);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

Json many_steps() { return with(small_byzsgd(), "/steps", 1'000'000); }

}  // namespace

TEST_CASE("a run whose shortest delays pass the end of time is refused before it begins") {
  // 10^6 steps of two messages of 10^6 s: 2e12 s, of which a year has 31,557,600.
  CHECK(refusal_before(with(many_steps(), "/network/delay", constant("1000000 s"))) ==
        "/network/delay: 1000000 steps take at least 6.34e+04 years of simulated time, which ends "
        "after 292; use shorter times or fewer steps, or set /time_limit");
}

TEST_CASE("every setting that takes time counts for the end of a run") {
  const std::vector<std::pair<std::string, Json>> slow = {
      {"/network/server_bandwidth", "1 bit/s"}, {"/network/worker_bandwidth", "1 bit/s"},
      {"/network/serialization", "1 bit/s"},    {"/compute/gradient", constant("100000 s")},
      {"/compute/sample", "100000 s"},          {"/compute/aggregation", constant("100000 s")}};
  for (const auto& [pointer, value] : slow) {
    CAPTURE(pointer);
    const Json json = with(with(many_steps(), "/steps", 100'000'000), pointer, value);
    CHECK_THAT(refusal_before(json), ContainsSubstring(pointer + ": 100000000 "));
  }
  Json json = with(many_steps(), "/numbers", "none");
  json["dimension"] = 1'000'000'000'000;
  json["compute"] = {{"operations_per_second", 1000}};
  json.erase("start");
  CHECK_THAT(refusal_before(json), ContainsSubstring("/compute/operations_per_second: "));
}

TEST_CASE("a run with a time limit is never too long") {
  const Json json =
      with(with(many_steps(), "/network/delay", constant("1000000 s")), "/time_limit", "1 s");
  CHECK(refusal_of(json).empty());
}

TEST_CASE("what no lower bound shows is refused when the run comes to the end of time") {
  // P(delay > t) = (t / 10^6 s)^-0.1: 40 % of the delays pass 292 years.
  const Json heavy = {{"name", "pareto"},
                      {"parameters", {{"minimum", "1000000 s"}, {"alpha", 0.1}}}};
  CHECK_THAT(refusal_of(with(small_byzsgd(), "/network/delay", heavy)),
             ContainsSubstring("would travel until after the end of simulated time"));
  CHECK_THAT(refusal_of(with(small_byzsgd(), "/compute/gradient", heavy)),
             ContainsSubstring("would compute until after the end of simulated time"));
}

TEST_CASE("a thousand times the operations take a thousand times as long, or are refused") {
  Json json = with(steady(small_byzsgd()), "/numbers", "none");
  json["steps"] = 1;
  const auto seconds_of = [&](std::int64_t dimension) {
    Json large = with(json, "/dimension", dimension);
    large["compute"] = {{"operations_per_second", 1000}};
    World world(large);
    run_to_end(world.simulation);
    return world.simulation.metrics().back().simulated_seconds;
  };
  CHECK(seconds_of(1'000'000'000) == Approx(1000 * seconds_of(1'000'000)).epsilon(1e-3));
}

TEST_CASE("a timer after the end of time is never due, and a run without it is stalled") {
  Json json = with(small_byzsgd(), "/protocol",
                   {{"name", "byzsgd_sync"}, {"parameters", {{"timeout", "1000000 s"}}}});
  json["network"]["faults"] = {{{"name", "crash"}, {"parameters", {{"nodes", "servers"}}}}};
  json["servers"]["byzantine"] = {{"declared", 1}};
  CHECK(refusal_of(json).empty());
}

}  // namespace byzsim::horizon_test
