// What searches make worse, measured on small runs.
#include "adversaries/search/objective.h"

#include <limits>

#include "core/input/issue.h"
#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::objective_test {
namespace {

std::optional<double> measured(const std::string& name, const World& world) {
  return measure(read_objective(name), world.simulation);
}

}  // namespace

TEST_CASE("an objective is a column's last, largest or smallest value", "[search]") {
  World world(small_attacked_byzsgd());
  run_to_end(world.simulation);
  const auto& rows = world.simulation.metrics();
  double largest = 0, smallest = 1;
  for (const MetricsRow& row : rows) {
    largest = std::max(largest, *row.drift);
    smallest = std::min(smallest, *row.accuracy);
  }
  CHECK(measured("drift", world) == rows.back().drift);
  CHECK(measured("drift:max", world) == largest);
  CHECK(measured("accuracy:min", world) == smallest);
}

TEST_CASE("an objective may be a column of gathers.csv", "[search]") {
  World world(small_attacked_byzsgd());
  run_to_end(world.simulation);
  CHECK(measured("gathers.drift_before", world) == world.simulation.gathers().back().drift_before);
}

TEST_CASE("less accuracy is more harm, and more of anything else", "[search]") {
  CHECK(harm_of(read_objective("accuracy"), 0.25) == -0.25);
  CHECK(harm_of(read_objective("accuracy_worst:min"), 0.25) == -0.25);
  CHECK(harm_of(read_objective("accuracy_of_mean"), 0.25) == -0.25);
  CHECK(harm_of(read_objective("drift"), 0.25) == 0.25);
}

TEST_CASE("a diverged run is as bad as it gets", "[search]") {
  // Plain averages of gradients and an infinite liar: no loss is finite after the first step.
  Json json = with(small_sgd(), "/workers/byzantine", {{"declared", 1}, {"actual", 1}});
  json["unsafe"] = true;
  json["adversary"]["workers"] = "infinity";
  World world(json);
  run_to_end(world.simulation);
  CHECK(has_diverged(world.simulation));
  CHECK(measured("loss:max", world) == std::nullopt);
  CHECK(harm_of(read_objective("loss"), std::nullopt) == std::numeric_limits<double>::infinity());
}

TEST_CASE("accuracy lost is measured against the run without an enemy", "[search]") {
  World world(small_attacked_byzsgd());
  run_to_end(world.simulation);
  Objective objective = read_objective("accuracy_lost");
  objective.without_enemy = 1;
  CHECK(measure(objective, world.simulation) == 1 - *world.simulation.metrics().back().accuracy);
}

TEST_CASE("without an enemy plain averaging goes straight down the mean gradient", "[search]") {
  World world(small_sgd());
  run_to_end(world.simulation);
  CHECK_FALSE(world.simulation.metrics()[0].descent_cosine);                 // no step led there
  CHECK(*measured("descent_cosine:min", world) == Approx(1).epsilon(1e-4));  // floats' rounding
}

TEST_CASE("a liar whom averaging trusts turns the step round, and that is more harm", "[search]") {
  // Three honest gradients of about g each and one of -100 g: their sum is about -97 g.
  Json json = with(small_sgd(), "/workers/byzantine", {{"declared", 1}, {"actual", 1}});
  json["unsafe"] = true;
  json["adversary"]["workers"] = {{"name", "reversed"}, {"parameters", {{"factor", 100}}}};
  World world(json);
  run_to_end(world.simulation);
  CHECK(*measured("descent_cosine", world) < 0);
  CHECK(harm_of(read_objective("descent_cosine"), -0.5) == 0.5);
}

TEST_CASE("a sound run breaks no invariant", "[search]") {
  World world(small_attacked_byzsgd());
  run_to_end(world.simulation);
  CHECK(measured("broken_invariants", world) == 0.0);
}

TEST_CASE("what is no objective is refused with the nearest", "[search]") {
  CHECK_THROWS_AS(read_objective("drft"), InputError);
  CHECK_THROWS_AS(read_objective("drift:mux"), InputError);
  CHECK_THROWS_AS(read_objective("broken_invariants:max"), InputError);
}

}  // namespace byzsim::objective_test
