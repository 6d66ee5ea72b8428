#include "core/rate.h"

#include <string>

#include "tests/catch.h"

namespace byzsim::rates_test {
namespace {

/// The rate of that name at its defaults but for the initial rate.
double rate_of(const std::string& name, double initial, std::int64_t step) {
  const RateEntry& entry = rates().at(name);
  Parameters parameters = defaults(entry.declaration.parameters);
  parameters.set("initial", initial);
  return entry.rate(parameters, step);
}

double step_rate(std::int64_t every, double factor, std::int64_t step) {
  Parameters parameters;
  parameters.set("initial", 1.0);
  parameters.set("every", every);
  parameters.set("factor", factor);
  return rates().at("step").rate(parameters, step);
}

}  // namespace

TEST_CASE("every rate starts at its initial value, 0.1 by default") {
  for (const RateEntry& entry : rates()) {
    CAPTURE(entry.declaration.name);
    CHECK(entry.rate(defaults(entry.declaration.parameters), 0) == 0.1);
    CHECK(rate_of(entry.declaration.name, 0.375, 0) == 0.375);
  }
}

TEST_CASE("no rate ever rises or turns negative") {
  for (const RateEntry& entry : rates()) {
    CAPTURE(entry.declaration.name);
    double before = rate_of(entry.declaration.name, 0.5, 0);
    for (std::int64_t step = 1; step < 5000; ++step) {
      const double rate = rate_of(entry.declaration.name, 0.5, step);
      REQUIRE((rate >= 0 && rate <= before));
      before = rate;
    }
  }
}

TEST_CASE("the constant rate never changes") {
  CHECK(rate_of("constant", 0.1, 1) == 0.1);
  CHECK(rate_of("constant", 0.1, 1'000'000'000) == 0.1);
}

TEST_CASE("the inverse-time rate has halved after its scale of 100 steps") {
  CHECK(rate_of("inverse_time", 1.0, 50) == 1.0 / 1.5);
  CHECK(rate_of("inverse_time", 1.0, 100) == 0.5);
  CHECK(rate_of("inverse_time", 1.0, 300) == 0.25);
}

TEST_CASE("the step rate falls by its factor every so many steps") {
  CHECK(step_rate(10, 0.5, 9) == 1.0);
  CHECK(step_rate(10, 0.5, 10) == 0.5);
  CHECK(step_rate(10, 0.5, 19) == 0.5);
  CHECK(step_rate(10, 0.5, 30) == 0.125);
}

TEST_CASE("the step rate's powers are exact products") {
  CHECK(step_rate(1, 0.1, 2) == 0.1 * 0.1);
  CHECK(step_rate(1, 0.1, 3) == 0.1 * (0.1 * 0.1));
  CHECK(step_rate(1, 1.0, 1'000'000'000'000) == 1.0);
  CHECK(step_rate(1, 0.1, 1'000'000'000'000) == 0.0);
}

}  // namespace byzsim::rates_test
