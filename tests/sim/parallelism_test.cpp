// Work and span, against sums by hand.
#include "sim/observe/parallelism.h"

#include "tests/catch.h"
#include "tests/sim/small_scenarios.h"

namespace byzsim::parallelism_test {
namespace {

Parallelism of_run(const Json& json) {
  World world(json);
  run_to_end(world.simulation);
  return world.simulation.parallelism();
}

}  // namespace

TEST_CASE("gradients of a step are parallel, its aggregation and the next step are not") {
  // small_sgd: d = 21, batches of 4, 4 workers, 6 steps; a median sorts 4 vectors: 4 * 21 * 2.
  Json json = with(small_sgd(), "/workers/aggregator", "median");
  json["workers"]["batch_size"] = 4;
  const double gradient = 3 * 21 * 4, aggregation = 4 * 21 * 2;
  const Parallelism found = of_run(json);
  CHECK(found.work() == 6 * (4 * gradient + aggregation));
  CHECK(found.span() == 6 * (gradient + aggregation));
}

TEST_CASE("a run without numbers has no work") {
  Json json = small_sgd();
  json["numbers"] = "none";
  json["dimension"] = 1000;
  CHECK(of_run(json).work() == 0);
}

}  // namespace byzsim::parallelism_test
