#include "sim/network/delays/delay.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/check.h"
#include "core/input/units.h"
#include "tests/catch.h"
#include "tests/core/data_files.h"
#include "tests/sim/delay_draws.h"

namespace byzsim::delay_test {
namespace {

/// The delay that a distribution of the given fixed value would be rounded to.
std::int64_t rounded(double span) {
  return draw(Delay([=](DelayDraw&) { return span; }), 0);
}

/// Every delay at these parameters; `empirical`, which needs a file, draws from 1, 2, ... 50 ms.
Delay make_any(const DelayEntry& entry, Parameters parameters) {
  const data_files::TemporaryFolder folder;
  if (entry.declaration.name == "empirical") {
    std::string text;
    for (int i = 1; i <= 50; ++i) text += std::to_string(i) + "\n";
    data_files::write_plain(folder.file("delays.csv"), text);
    parameters.set("file", folder.file("delays.csv"));
  }
  return entry.make(parameters, "");
}

}  // namespace

TEST_CASE("a constant delay is its value") {
  const std::vector<double> spans = draws("constant", {{"value", 1234l}});
  CHECK(spans.front() == 1234);
  CHECK(spans.back() == 1234);
}

TEST_CASE("a uniform delay fills its range evenly") {
  const std::vector<double> spans = draws("uniform", {{"low", 1000l}, {"high", 2000l}});
  CHECK(spans.front() >= 1000);
  CHECK(spans.front() <= 1001);
  CHECK(spans.back() >= 1999);
  CHECK(spans.back() <= 2000);
  // The deviation of one draw is 1000 / sqrt(12); of the mean, sqrt(kDraws) times less.
  CHECK(std::fabs(mean_of(spans) - 1500) < 5 * 1000 / std::sqrt(12.0 * kDraws));
  CHECK(std::fabs(share_below(spans, 1250) - 0.25) < share_margin(0.25) + 0.001);
}

TEST_CASE("a uniform delay may have no width") {
  const std::vector<double> spans = draws("uniform", {{"low", 700l}, {"high", 700l}});
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
  const std::vector<double> spans =
      draws("exponential", {{"mean", 1'000'000l}, {"minimum", 500'000l}});
  CHECK(spans.front() >= 500'000);
  // The deviation of one wait is its mean.
  CHECK(std::fabs(mean_of(spans) - 1'500'000) < 5 * 1'000'000 / std::sqrt(double(kDraws)));
  CHECK(std::fabs(share_below(spans, 500'000 + 1'000'000 * std::log(2)) - 0.5) < share_margin(0.5));
  const double above = std::exp(-3.0);  // of waits that exceed three means
  CHECK(std::fabs(share_below(spans, 3'500'000) - (1 - above)) < share_margin(above));
}

TEST_CASE("a lognormal delay has the given median and the normal's quantiles in its logarithm") {
  const std::vector<double> spans = draws("lognormal", {{"median", 1'000'000l}, {"sigma", 0.7}});
  // P(normal < -1) = 0.15866, P(normal < 1) = 0.84134, P(normal < 2) = 0.97725
  for (const auto& [quantile, share] :
       {std::pair{-1.0, 0.15866}, {0.0, 0.5}, {1.0, 0.84134}, {2.0, 0.97725}}) {
    CAPTURE(quantile);
    CHECK(std::fabs(share_below(spans, 1e6 * std::exp(0.7 * quantile)) - share) <
          share_margin(share));
  }
}

TEST_CASE("a delay is rounded to the nearest nanosecond, ties up") {
  CHECK(rounded(2.4) == 2);
  CHECK(rounded(2.5) == 3);
  CHECK(rounded(3.5) == 4);
  CHECK(rounded(0.0) == 0);
}

TEST_CASE("a delay beyond the longest duration is exact, up to the end of time") {
  CHECK(rounded(4e15) == 4 * kLongestDuration);
  CHECK(rounded(1e30) == kEndOfTime);
  CHECK(rounded(std::numeric_limits<double>::infinity()) == kEndOfTime);
}

TEST_CASE("a negative or undefined delay is a programmer error") {
  CHECK_THROWS_AS(rounded(-1.0), InternalError);
  CHECK_THROWS_AS(rounded(std::numeric_limits<double>::quiet_NaN()), InternalError);
}

TEST_CASE("every delay depends on the name of its draw alone") {
  for (const DelayEntry& entry : delays()) {
    const Delay delay = make_any(entry, defaults(entry.declaration.parameters));
    CAPTURE(entry.declaration.name);
    const std::int64_t first = draw(delay, 0);
    const std::int64_t second = draw(delay, 1);
    CHECK(draw(delay, 0) == first);
    CHECK((entry.declaration.name == "constant" || first != second));
  }
}

TEST_CASE("delays of many links drawn at once are those of each link") {
  // More than are drawn in one piece, which are 64.
  std::vector<std::uint64_t> links(150);
  for (std::size_t i = 0; i < links.size(); ++i) links[i] = i << 24 | 5;
  for (const DelayEntry& entry : delays()) {
    const Delay delay = make_any(entry, defaults(entry.declaration.parameters));
    std::vector<std::int64_t> drawn(links.size());
    draw_delays(delay, {3, 9, kMillisecond}, links, drawn);
    CAPTURE(entry.declaration.name);
    for (std::size_t i = 0; i < links.size(); ++i)
      REQUIRE(drawn[i] == draw_delay(delay, {Stream(3, Purpose::delay, links[i], 9), 3, links[i],
                                             kMillisecond}));
  }
}

TEST_CASE("no delay is negative, whatever its parameters") {
  for (const DelayEntry& entry : delays()) {
    CAPTURE(entry.declaration.name);
    for (const bool greatest : {false, true}) {
      Parameters parameters = defaults(entry.declaration.parameters);
      for (const Parameter& declared : entry.declaration.parameters) {
        const double bound = greatest ? declared.high : declared.low;
        if (declared.type == ParameterType::duration)
          parameters.set(declared.name, static_cast<std::int64_t>(bound));
        if (declared.type == ParameterType::real) parameters.set(declared.name, bound);
      }
      const Delay delay = make_any(entry, parameters);
      for (std::uint64_t i = 0; i < 1000; ++i) REQUIRE(draw(delay, i) >= 0);
    }
  }
}

}  // namespace byzsim::delay_test
