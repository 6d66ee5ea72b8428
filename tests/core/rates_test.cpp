#include "core/rates/rate.h"

#include <string>
#include <utility>
#include <vector>

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

/// The schedule with these values, the others at their defaults.
Choice schedule(const std::string& name, std::vector<std::pair<std::string, Value>> values) {
  Choice choice{name, defaults(rates().at(name).declaration.parameters)};
  for (auto& [parameter, value] : values) choice.parameters.set(parameter, value);
  return choice;
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

TEST_CASE("the cosine rate falls along half a period") {
  const Choice cosine = schedule("cosine", {{"initial", 1.0}, {"steps", std::int64_t{4}}});
  CHECK(learning_rate(cosine, 0) == 1);
  CHECK(learning_rate(cosine, 1) == Approx(0.8535533905932737).epsilon(1e-15));  // (2 + sqrt 2) / 4
  CHECK(learning_rate(cosine, 2) == Approx(0.5).epsilon(1e-15));
  CHECK(learning_rate(cosine, 3) == Approx(0.1464466094067262).epsilon(1e-14));
  CHECK(learning_rate(cosine, 4) == 0);
}

TEST_CASE("the cosine rate ends at its final value and stays there") {
  const Choice cosine =
      schedule("cosine", {{"initial", 0.3}, {"final", 0.1}, {"steps", std::int64_t{10}}});
  CHECK(learning_rate(cosine, 0) == 0.3);
  CHECK(learning_rate(cosine, 5) == Approx(0.2));
  CHECK(learning_rate(cosine, 10) == 0.1);
  CHECK(learning_rate(cosine, 1'000'000'000'000) == 0.1);
}

TEST_CASE("the milestones rate falls from each milestone on") {
  const Choice milestones = schedule(
      "milestones", {{"initial", 8.0}, {"at", std::vector<std::int64_t>{20, 10}}, {"factor", 0.5}});
  CHECK(learning_rate(milestones, 9) == 8);
  CHECK(learning_rate(milestones, 10) == 4);
  CHECK(learning_rate(milestones, 19) == 4);
  CHECK(learning_rate(milestones, 20) == 2);
  CHECK(learning_rate(milestones, 1'000'000) == 2);
}

TEST_CASE("the milestones rate without a milestone is constant") {
  CHECK(learning_rate(schedule("milestones", {{"at", std::vector<std::int64_t>{}}}), 1000) == 0.1);
}

TEST_CASE("a warm-up rises linearly to the initial rate, and the schedule begins after it") {
  const Choice step = schedule("step", {{"initial", 1.0},
                                        {"every", std::int64_t{2}},
                                        {"factor", 0.5},
                                        {"warm_up", std::int64_t{3}}});
  const std::vector<double> expected = {0.25, 0.5, 0.75, 1, 1, 0.5, 0.5, 0.25};
  for (std::int64_t t = 0; t < std::int64_t(expected.size()); ++t) {
    CAPTURE(t);
    CHECK(learning_rate(step, t) == expected[std::size_t(t)]);
  }
}

TEST_CASE("every rate has a warm-up, of no step by default") {
  for (const RateEntry& entry : rates()) {
    CAPTURE(entry.declaration.name);
    CHECK(learning_rate(schedule(entry.declaration.name, {}), 0) == 0.1);
    CHECK(learning_rate(schedule(entry.declaration.name, {{"warm_up", std::int64_t{1}}}), 0) ==
          0.1 / 2);
  }
}

}  // namespace byzsim::rates_test
