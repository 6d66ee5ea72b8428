// The delays with a shape: gamma, weibull, pareto, bimodal, against their formulas.
#include <cmath>

#include "tests/catch.h"
#include "tests/sim/delay_draws.h"

namespace byzsim::tailed_delays_test {
namespace {

void check_share(const std::vector<double>& spans, double bound, double share) {
  CAPTURE(bound, share);
  CHECK(std::fabs(share_below(spans, bound) - share) < share_margin(share));
}

}  // namespace

TEST_CASE("a gamma delay has the given mean and a deviation of mean / sqrt(shape)") {
  for (const double shape : {0.3, 1.0, 2.0, 25.0}) {
    const std::vector<double> spans = draws("gamma", {{"mean", 1'000'000l}, {"shape", shape}});
    const double deviation = 1e6 / std::sqrt(shape);
    CAPTURE(shape);
    CHECK(std::fabs(mean_of(spans) - 1e6) < mean_margin(deviation));
    double squares = 0;
    for (const double span : spans) squares += (span - 1e6) * (span - 1e6);
    // The variance of a square is (2 + 6 / shape) deviation^4: the excess kurtosis is 6 / shape.
    const double margin = mean_margin(deviation * deviation * std::sqrt(2 + 6 / shape));
    CHECK(std::fabs(squares / double(kDraws) - deviation * deviation) < margin);
  }
}

TEST_CASE("a gamma delay of shape 2 has the quantiles of a sum of two waits") {
  // P(delay < t) = 1 - (1 + x) exp(-x) with x = 2 t / mean.
  const std::vector<double> spans = draws("gamma", {{"mean", 1'000'000l}, {"shape", 2.0}});
  for (const double x : {0.5, 1.0, 2.0, 5.0})
    check_share(spans, x * 500'000, 1 - (1 + x) * std::exp(-x));
}

TEST_CASE("a weibull delay has the tail exp(-(t / scale)^shape)") {
  for (const double shape : {0.5, 1.0, 3.0}) {
    const std::vector<double> spans = draws("weibull", {{"scale", 1'000'000l}, {"shape", shape}});
    for (const double t : {0.25, 0.5, 1.0, 1.5})
      check_share(spans, t * 1e6, 1 - std::exp(-std::pow(t, shape)));
  }
}

TEST_CASE("a weibull delay of shape 2 has the mean sqrt(pi) / 2 of its scale") {
  const std::vector<double> spans = draws("weibull", {{"scale", 1'000'000l}, {"shape", 2.0}});
  // Its variance is 1 - pi / 4 of the scale's square.
  CHECK(std::fabs(mean_of(spans) - 1e6 * std::sqrt(M_PI) / 2) <
        mean_margin(1e6 * std::sqrt(1 - M_PI / 4)));
}

TEST_CASE("a pareto delay starts at its minimum and has the tail (minimum / t)^alpha") {
  const std::vector<double> spans = draws("pareto", {{"minimum", 1'000'000l}, {"alpha", 2.0}});
  CHECK(spans.front() >= 1e6);
  for (const double t : {1.1, 2.0, 10.0}) check_share(spans, t * 1e6, 1 - 1 / (t * t));
}

TEST_CASE("a pareto delay of alpha 3 has the mean 3 / 2 of its minimum") {
  const std::vector<double> spans = draws("pareto", {{"minimum", 1'000'000l}, {"alpha", 3.0}});
  // Its variance is alpha / ((alpha - 1)^2 (alpha - 2)) = 3 / 4 of the minimum's square.
  CHECK(std::fabs(mean_of(spans) - 1.5e6) < mean_margin(1e6 * std::sqrt(0.75)));
}

TEST_CASE("a bimodal delay is slow with its probability and has two medians") {
  const std::vector<double> spans = draws(
      "bimodal",
      {{"fast", 1'000'000l}, {"slow", 100'000'000l}, {"slow_probability", 0.3}, {"sigma", 0.2}});
  // 10 ms lies 11.5 deviations from either median.
  check_share(spans, 10e6, 0.7);
  check_share(spans, 1e6, 0.35);
  check_share(spans, 100e6, 0.85);
  // P(normal < 1) = 0.84134
  check_share(spans, 1e6 * std::exp(0.2), 0.7 * 0.84134);
}

TEST_CASE("a bimodal delay may be always fast or always slow") {
  const std::vector<double> fast =
      draws("bimodal", {{"fast", 10l}, {"slow", 20l}, {"slow_probability", 0.0}, {"sigma", 0.0}});
  CHECK(fast.front() == 10);
  CHECK(fast.back() == 10);
  const std::vector<double> slow =
      draws("bimodal", {{"fast", 10l}, {"slow", 20l}, {"slow_probability", 1.0}, {"sigma", 0.0}});
  CHECK(slow.front() == 20);
  CHECK(slow.back() == 20);
}

}  // namespace byzsim::tailed_delays_test
