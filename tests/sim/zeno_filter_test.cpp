// The acceptance test of Zeno++, and the protocol around it.
#include "sim/nodes/zeno_filter.h"

#include <limits>
#include <vector>

#include "core/kernels/vector_kernels.h"
#include "core/rates/rate.h"
#include "tests/catch.h"
#include "tests/sim/async_scenarios.h"

namespace byzsim::zeno_filter_test {
namespace {

Json small_zeno() { return with(small_async("zeno_plus_plus"), "/servers/root_examples", 20); }

ZenoFilter filter_with(double epsilon, std::int64_t refresh = 10) {
  return ZenoFilter(Parameters({{"rho", 0.001}, {"epsilon", epsilon}, {"refresh", refresh}}));
}

Payload times(double factor, const std::vector<float>& vector) {
  std::vector<float> product = vector;
  for (float& value : product) value = static_cast<float>(factor * double(value));
  return Payload(std::move(product));
}

// A model at which the server has a gradient of some length, and that gradient at step 0.
struct Situation {
  World world = World(small_zeno());
  Payload model = world.workload->initial_model(0);
  std::vector<float> own = world.workload->root_gradient(0, 0, model.values());
  std::optional<Payload> passed(ZenoFilter& filter, const Payload& gradient,
                                std::int64_t step = 0) const {
    return filter.passed(world.workload, step, model, gradient);
  }
};

}  // namespace

TEST_CASE("a gradient along the server's own passes and becomes as long") {
  const Situation at;
  ZenoFilter filter = filter_with(0);
  for (const double factor : {0.01, 1.0, 100.0}) {
    const auto passed = at.passed(filter, times(factor, at.own));
    REQUIRE(passed);
    CHECK(norm(passed->values()) == Approx(norm(at.own)));
    CHECK(distance(passed->values(), at.own) < 1e-6);
  }
}

TEST_CASE("a gradient against the server's own passes only where the loss may rise as much") {
  const Situation at;
  const Payload against = times(-1, at.own);
  // gamma <v, g'> - rho ||g'||^2 + gamma epsilon with g' = -v: epsilon of (1 + rho / gamma)
  // ||v||^2.
  const double gamma = learning_rate(at.world.scenario.rate, 0);
  const double enough = (1 + 0.001 / gamma) * norm(at.own) * norm(at.own);
  ZenoFilter none = filter_with(0), below = filter_with(0.999 * enough),
             above = filter_with(1.001 * enough);
  CHECK_FALSE(at.passed(none, against));
  CHECK_FALSE(at.passed(below, against));
  CHECK(at.passed(above, against));
}

TEST_CASE("a gradient that is not finite never passes, and one of zero moves nothing") {
  const Situation at;
  ZenoFilter filter = filter_with(1e6);
  std::vector<float> strange = at.own;
  for (const float value :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    strange[1] = value;
    CHECK_FALSE(at.passed(filter, Payload(strange)));
  }
  const auto still = at.passed(filter, times(0, at.own));
  REQUIRE(still);
  CHECK(norm(still->values()) == 0);
}

TEST_CASE("the server computes its own gradient again after as many updates as the protocol has") {
  const Situation at;
  ZenoFilter filter = filter_with(1e6, 3);
  const auto length_at = [&](std::int64_t step) {
    return norm(at.passed(filter, times(2, at.own), step)->values());
  };
  for (const std::int64_t step : {0, 1, 2}) CHECK(length_at(step) == Approx(norm(at.own)));
  const auto later = at.world.workload->root_gradient(0, 3, at.model.values());
  CHECK(length_at(3) == Approx(norm(later)));
  CHECK(norm(later) != Approx(norm(at.own)));
}

TEST_CASE("zeno_plus_plus judges every gradient and makes one update of each that passes") {
  const Totals totals =
      totals_of(with(flooded_async("zeno_plus_plus"), "/servers/root_examples", 20));
  CHECK(totals.accepted + totals.byzantine_accepted == 24);  // steps
  CHECK(totals.byzantine_rejected > 24);
}

TEST_CASE("zeno_plus_plus holds where flooding breaks async_sgd") {
  const auto at_the_end = [](const std::string& protocol) {
    Json json = with(flooded_async(protocol), "/steps", 150);
    json["adversary"]["workers"] = "reversed";
    if (protocol == "zeno_plus_plus") json["servers"]["root_examples"] = 20;
    return final_accuracy(json).value_or(0);
  };
  CHECK(at_the_end("zeno_plus_plus") > 0.8);
  CHECK(at_the_end("async_sgd") < 0.5);
}

TEST_CASE("zeno_plus_plus that rejects every gradient ends the run, which has stalled") {
  // No gradient lowers the loss by as much as a unit of its squared norm costs here.
  World world(with(small_zeno(), "/protocol/parameters", {{"rho", 1e6}}));
  run_to_end(world.simulation);
  CHECK_FALSE(world.simulation.trained());
  CHECK(world.simulation.totals().accepted == 0);
  // 1,000 of each of 7 workers, then the last answers of the 6 others.
  CHECK(world.simulation.totals().rejected == 7 * 1000 + 6);
}

TEST_CASE("zeno_plus_plus needs examples at its server") {
  CHECK(places_of_issues(small_async("zeno_plus_plus")) ==
        std::vector<std::string>{"/servers/root_examples"});
  CHECK(places_of_issues(small_zeno()).empty());
}

}  // namespace byzsim::zeno_filter_test
