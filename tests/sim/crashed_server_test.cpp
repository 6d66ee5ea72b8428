// An honest server that crashes for good: the others go on, and the run's rows, step and status are
// theirs.
#include <string>
#include <vector>

#include "adversaries/known_strategies.h"
#include "sim/results/results.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::crashed_server_test {
namespace {

Json fault(const std::string& name, const Json& parameters) {
  return {{"name", name}, {"parameters", parameters}};
}

/// Five servers with quorums of four, of which these crash for good.
Json with_crash(const std::string& nodes, const std::string& start) {
  return with(small_byzsgd(), "/network/faults",
              Json::array({fault("crash", {{"nodes", nodes}, {"start", start}})}));
}

Json run_json_of(const Json& json) {
  World world(json);
  run_to_end(world.simulation);
  return parse_json(
      files_of(result_of(world.simulation, scenario_tables(), status_of(world.simulation), {0, 1}))
          .run_json,
      "run.json");
}

std::vector<std::int64_t> steps_of_rows(const Simulation& simulation) {
  std::vector<std::int64_t> steps;
  for (const MetricsRow& row : simulation.metrics()) steps.push_back(row.step);
  return steps;
}

}  // namespace

TEST_CASE("rows go on without a server that has crashed for good") {
  World world(with_crash("server 1", "10 ms"));
  run_to_end(world.simulation);
  CHECK(steps_of_rows(world.simulation) == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6});
  CHECK(world.simulation.trained());
  CHECK(world.simulation.step() == 6);
}

TEST_CASE("a run whose living servers are done is trained, and says how many crashed") {
  const Json run = run_json_of(with_crash("server 1", "10 ms"));
  CHECK(run["status"] == "trained");
  CHECK(run["steps"] == 6);
  CHECK(run["faults"]["crashed"] == 1);
  CHECK(run_json_of(small_byzsgd())["faults"]["crashed"] == 0);
}

TEST_CASE("a row that waits for a server alone is complete once that one has crashed") {
  // It is so slow that the others are long done when it crashes in the middle of its first steps.
  Json json = small_byzsgd();
  json["network"]["faults"] = {fault("straggler", {{"nodes", "server 1"}, {"factor", 100}}),
                               fault("crash", {{"nodes", "server 1"}, {"start", "150 ms"}})};
  World world(json);
  run_to_end(world.simulation);
  CHECK(world.simulation.now() > 150'000'000);
  CHECK(steps_of_rows(world.simulation) == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 6});
  // When the last of the living began the step, not when the other died.
  CHECK(world.simulation.metrics().back().simulated_seconds < 0.15);
}

TEST_CASE("a server that comes back is waited for") {
  World world(with(with_crash("server 1", "10 ms"), "/network/faults/0/parameters/end", "2 s"));
  run_to_end(world.simulation);
  CHECK(steps_of_rows(world.simulation).size() == 7);
  CHECK(world.simulation.metrics().back().simulated_seconds > 2);
  CHECK(world.simulation.crashed() == 0);
}

TEST_CASE("a run whose servers have all crashed is stalled where they stood") {
  const Json run = run_json_of(with_crash("servers", "10 ms"));
  CHECK(run["status"] == "stalled");
  CHECK(run["steps"] < 6);
  CHECK(run["faults"]["crashed"] == 5);
}

TEST_CASE("a run that too few servers are left for is stalled") {
  // Two of five are gone, and quorums are of four.
  const Json run = run_json_of(with_crash("servers 0-1", "5 ms"));
  CHECK(run["status"] == "stalled");
  CHECK(run["steps"] < 6);
}

}  // namespace byzsim::crashed_server_test
