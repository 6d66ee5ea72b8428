// Drift around every gather, recorded or not.
#include <map>
#include <string>
#include <vector>

#include "adversaries/known_strategies.h"
#include "sim/results/results.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::gathers_test {
namespace {

/// small_attacked_byzsgd gathers after every second of its six steps.
Json with_rows_every(int steps) { return with(small_attacked_byzsgd(), "/metrics/every", steps); }

RunFiles files_of(const Json& json) {
  World world(json);
  run_to_end(world.simulation);
  return files_of(result_of(world.simulation, scenario_tables(), RunStatus::trained, {0, 1}));
}

}  // namespace

TEST_CASE("every gather has a row, also between recorded steps") {
  World world(with_rows_every(100));
  run_to_end(world.simulation);
  std::vector<std::int64_t> steps;
  for (const MetricsRow& row : world.simulation.gathers()) steps.push_back(row.step);
  CHECK(steps == std::vector<std::int64_t>{2, 4, 6});
  CHECK(world.simulation.metrics().size() == 2);  // the first and the last step
}

TEST_CASE("a gather's drift is that of the recorded row of its step") {
  World every(with_rows_every(1)), seldom(with_rows_every(100));
  run_to_end(every.simulation);
  run_to_end(seldom.simulation);
  for (const MetricsRow& gather : seldom.simulation.gathers()) {
    const MetricsRow& row = every.simulation.metrics().at(static_cast<std::size_t>(gather.step));
    CHECK(gather.simulated_seconds == row.simulated_seconds);
    CHECK(gather.drift_before.value() == row.drift_before);
    CHECK(gather.drift.value() == row.drift);
    CHECK(gather.drift_coordinates_before.value() == row.drift_coordinates_before);
    CHECK(gather.drift_coordinates.value() == row.drift_coordinates);
    CHECK(gather.contraction.value() == row.contraction);
  }
}

TEST_CASE("how often rows are recorded moves no gather") {
  const std::string csv = files_of(with_rows_every(1)).gathers_csv;
  CHECK(csv == files_of(with_rows_every(4)).gathers_csv);
  CHECK(csv.substr(0, csv.find('\n')) ==
        "step,simulated_seconds,drift_before,drift,drift_coordinates_before,drift_coordinates,"
        "contraction");
}

TEST_CASE("a run without a gather has no rows of gathers and no file") {
  CHECK(files_of(small_sgd()).gathers_csv.empty());
  CHECK(
      files_of(with(small_byzsgd(), "/protocol/parameters/gather_period", 7)).gathers_csv.empty());
}

TEST_CASE("gathers of models without numbers are not measured") {
  Json json = with(small_byzsgd(), "/numbers", "none");
  json["dimension"] = 10;
  CHECK(files_of(json).gathers_csv.empty());
}

}  // namespace byzsim::gathers_test
