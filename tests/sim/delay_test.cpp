#include "sim/delay.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/check.h"
#include "core/units.h"
#include "tests/catch.h"

namespace byzsim {
namespace {

constexpr std::size_t kDraws = 40'000;

Parameters parameters_of(const std::string& name,
                         const std::vector<std::pair<std::string, Value>>& changed) {
  Parameters parameters = defaults(delays().at(name).declaration.parameters);
  for (const auto& [key, value] : changed) parameters.set(key, value);
  return parameters;
}

/// Draws in ascending order, each from a stream of its own as in a run.
std::vector<double> draws(const std::string& name, const Parameters& parameters) {
  std::vector<double> spans;
  for (std::uint64_t i = 0; i < kDraws; ++i)
    spans.push_back(static_cast<double>(
        draw_delay(delays().at(name), parameters, Stream(3, Purpose::delay, 5, i))));
  std::sort(spans.begin(), spans.end());
  return spans;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / double(values.size());
}

double share_below(const std::vector<double>& ascending, double bound) {
  const auto end = std::lower_bound(ascending.begin(), ascending.end(), bound);
  return double(end - ascending.begin()) / double(ascending.size());
}

/// Five standard deviations of a share p of kDraws draws: 5 * sqrt(p (1 - p) / kDraws).
double share_margin(double p) { return 5 * std::sqrt(p * (1 - p) / double(kDraws)); }

/// The delay that a distribution of the given fixed value would be rounded to.
template <class Draw>
std::int64_t rounded(Draw draw) {
  return draw_delay({{"fixed", "", ""}, draw, nullptr}, Parameters(),
                    Stream(1, Purpose::delay, 0, 0));
}

}  // namespace

TEST_CASE("a constant delay is its value") {
  const std::vector<double> spans =
      draws("constant", parameters_of("constant", {{"value", 1234l}}));
  CHECK(spans.front() == 1234);
  CHECK(spans.back() == 1234);
}

TEST_CASE("a uniform delay fills its range evenly") {
  const std::vector<double> spans =
      draws("uniform", parameters_of("uniform", {{"low", 1000l}, {"high", 2000l}}));
  CHECK(spans.front() >= 1000);
  CHECK(spans.front() <= 1001);
  CHECK(spans.back() >= 1999);
  CHECK(spans.back() <= 2000);
  // The deviation of one draw is 1000 / sqrt(12); of the mean, sqrt(kDraws) times less.
  CHECK(std::fabs(mean_of(spans) - 1500) < 5 * 1000 / std::sqrt(12.0 * kDraws));
  CHECK(std::fabs(share_below(spans, 1250) - 0.25) < share_margin(0.25) + 0.001);
}

TEST_CASE("a uniform delay may have no width") {
  const std::vector<double> spans =
      draws("uniform", parameters_of("uniform", {{"low", 700l}, {"high", 700l}}));
  CHECK(spans.front() == 700);
  CHECK(spans.back() == 700);
}

TEST_CASE("a uniform delay needs low <= high") {
  const auto problem_of = [](std::int64_t low, std::int64_t high) {
    return delays().at("uniform").problem(parameters_of("uniform", {{"low", low}, {"high", high}}));
  };
  CHECK(problem_of(2, 1) == std::optional<std::string>("low must not exceed high"));
  CHECK(problem_of(1, 1) == std::nullopt);
}

TEST_CASE("an exponential delay is its floor plus a wait of the given mean") {
  const std::vector<double> spans = draws(
      "exponential", parameters_of("exponential", {{"mean", 1'000'000l}, {"minimum", 500'000l}}));
  CHECK(spans.front() >= 500'000);
  // The deviation of one wait is its mean.
  CHECK(std::fabs(mean_of(spans) - 1'500'000) < 5 * 1'000'000 / std::sqrt(double(kDraws)));
  CHECK(std::fabs(share_below(spans, 500'000 + 1'000'000 * std::log(2)) - 0.5) < share_margin(0.5));
  const double above = std::exp(-3.0);  // of waits that exceed three means
  CHECK(std::fabs(share_below(spans, 3'500'000) - (1 - above)) < share_margin(above));
}

TEST_CASE("a lognormal delay has the given median and the normal's quantiles in its logarithm") {
  const std::vector<double> spans =
      draws("lognormal", parameters_of("lognormal", {{"median", 1'000'000l}, {"sigma", 0.7}}));
  // P(normal < -1) = 0.15866, P(normal < 1) = 0.84134, P(normal < 2) = 0.97725
  for (const auto& [quantile, share] :
       {std::pair{-1.0, 0.15866}, {0.0, 0.5}, {1.0, 0.84134}, {2.0, 0.97725}}) {
    CAPTURE(quantile);
    CHECK(std::fabs(share_below(spans, 1e6 * std::exp(0.7 * quantile)) - share) <
          share_margin(share));
  }
}

TEST_CASE("a delay is rounded to the nearest nanosecond, ties up") {
  CHECK(rounded([](const Parameters&, Stream&) { return 2.4; }) == 2);
  CHECK(rounded([](const Parameters&, Stream&) { return 2.5; }) == 3);
  CHECK(rounded([](const Parameters&, Stream&) { return 3.5; }) == 4);
  CHECK(rounded([](const Parameters&, Stream&) { return 0.0; }) == 0);
}

TEST_CASE("a delay beyond the longest duration is cut") {
  CHECK(rounded([](const Parameters&, Stream&) { return 1e30; }) == kLongestDuration);
  CHECK(rounded([](const Parameters&, Stream&) {
          return std::numeric_limits<double>::infinity();
        }) == kLongestDuration);
}

TEST_CASE("a negative or undefined delay is a programmer error") {
  CHECK_THROWS_AS(rounded([](const Parameters&, Stream&) { return -1.0; }), InternalError);
  CHECK_THROWS_AS(
      rounded([](const Parameters&, Stream&) { return std::numeric_limits<double>::quiet_NaN(); }),
      InternalError);
}

TEST_CASE("every delay depends on the name of its stream alone") {
  for (const DelayEntry& entry : delays()) {
    const Parameters parameters = defaults(entry.declaration.parameters);
    const auto draw = [&](std::uint64_t counter) {
      return draw_delay(entry, parameters, Stream(3, Purpose::delay, 5, counter));
    };
    CAPTURE(entry.declaration.name);
    const std::int64_t first = draw(0);
    const std::int64_t second = draw(1);
    CHECK(draw(0) == first);
    CHECK((entry.declaration.name == "constant" || first != second));
  }
}

TEST_CASE("every delay lies between nothing and the longest duration, whatever its parameters") {
  for (const DelayEntry& entry : delays()) {
    CAPTURE(entry.declaration.name);
    for (const bool greatest : {false, true}) {
      Parameters parameters;
      for (const Parameter& declared : entry.declaration.parameters) {
        const double bound = greatest ? declared.high : declared.low;
        parameters.set(declared.name, declared.type == ParameterType::duration
                                          ? Value(static_cast<std::int64_t>(bound))
                                          : Value(bound));
      }
      for (std::uint64_t i = 0; i < 1000; ++i) {
        const std::int64_t span = draw_delay(entry, parameters, Stream(3, Purpose::delay, 5, i));
        REQUIRE(span >= 0);
        REQUIRE(span <= kLongestDuration);
      }
    }
  }
}

}  // namespace byzsim
