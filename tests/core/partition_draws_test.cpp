// The gamma and Dirichlet draws, and the permutations, that partitions are made of.
#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

#include "core/exact/digest.h"
#include "core/exact/gamma_draw.h"
#include "core/exact/permutation.h"
#include "tests/catch.h"

namespace byzsim::partition_draws_test {
namespace {

constexpr std::size_t kDraws = 40000;

struct Moments {
  double mean, variance;
};

Moments moments_of(const std::vector<double>& values) {
  const double n = static_cast<double>(values.size());
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return {mean, squares / n};
}

Stream stream_of(std::uint64_t counter) { return Stream(7, Purpose::partition, 0, counter); }

std::vector<double> log_gammas(double shape) {
  std::vector<double> draws(kDraws);
  Stream stream = stream_of(0);
  for (double& draw : draws) draw = draw_log_gamma(shape, stream);
  return draws;
}

}  // namespace

TEST_CASE("gamma draws have their shape as mean and variance") {
  for (const double shape : {0.1, 0.5, 1.0, 2.5, 50.0}) {
    CAPTURE(shape);
    std::vector<double> draws = log_gammas(shape);
    for (double& draw : draws) draw = std::exp(draw);
    const Moments moments = moments_of(draws);
    // Deviations of the two estimates: the fourth central moment is 3 shape^2 + 6 shape.
    const double n = kDraws;
    CHECK(std::fabs(moments.mean - shape) < 5 * std::sqrt(shape / n));
    CHECK(std::fabs(moments.variance - shape) < 5 * std::sqrt((2 * shape * shape + 6 * shape) / n));
  }
}

TEST_CASE("logarithms of gamma draws have the mean of the digamma function") {
  CHECK(moments_of(log_gammas(1)).mean == Approx(-0.5772156649).margin(0.033));
  CHECK(moments_of(log_gammas(0.5)).mean == Approx(-1.9635100260).margin(0.056));
  CHECK(moments_of(log_gammas(0.01)).mean == Approx(-100.5608854579).margin(2.6));
}

TEST_CASE("gamma draws of shape 1 are exponential") {
  const std::vector<double> draws = log_gammas(1);
  for (const double t : {0.1, 1.0, 3.0}) {
    const auto above =
        std::count_if(draws.begin(), draws.end(), [&](double draw) { return std::exp(draw) > t; });
    CHECK(double(above) / kDraws == Approx(std::exp(-t)).margin(0.0125));
  }
}

TEST_CASE("a gamma draw of any shape has a finite logarithm") {
  Stream stream = stream_of(1);
  for (const double shape : {5e-324, 1e-300, 1e-9, 1e9})
    for (int i = 0; i < 100; ++i) CHECK(std::isfinite(draw_log_gamma(shape, stream)));
}

TEST_CASE("Dirichlet shares sum to 1 and none is negative") {
  Stream stream = stream_of(2);
  for (const double alpha : {5e-324, 1e-3, 0.5, 1e9}) {
    const std::vector<double> shares = draw_dirichlet(alpha, 20, stream);
    CHECK(*std::min_element(shares.begin(), shares.end()) >= 0);
    CHECK(std::accumulate(shares.begin(), shares.end(), 0.0) == Approx(1));
  }
}

TEST_CASE("Dirichlet shares have their mean and variance") {
  constexpr std::size_t count = 4;
  const double alpha = 0.5;
  Stream stream = stream_of(3);
  std::vector<double> first(kDraws);
  for (double& share : first) share = draw_dirichlet(alpha, count, stream)[0];
  const Moments moments = moments_of(first);
  CHECK(moments.mean == Approx(0.25).margin(0.007));
  // (1/k)(1 - 1/k) / (k alpha + 1)
  CHECK(moments.variance == Approx(0.0625).margin(0.003));
}

TEST_CASE("Dirichlet shares of a stream have the bits they had when first drawn") {
  Stream stream = stream_of(4);
  Digest digest;
  for (int i = 0; i < 100; ++i)
    for (const double alpha : {0.01, 0.3, 1.0, 20.0})
      for (const double share : draw_dirichlet(alpha, 5, stream))
        digest.add({std::bit_cast<std::uint64_t>(share)});
  CHECK(to_hex(digest.value()) == "19a5dd9d151a3216");
}

TEST_CASE("a random permutation holds each number once") {
  std::vector<std::uint32_t> order = random_permutation(100, stream_of(5));
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < order.size(); ++i) CHECK(order[i] == i);
}

TEST_CASE("all orders of three values are equally likely") {
  std::vector<std::vector<std::uint32_t>> orders;
  for (std::uint64_t i = 0; i < 6000; ++i) orders.push_back(random_permutation(3, stream_of(i)));
  std::vector<std::uint32_t> order = {0, 1, 2};
  do {
    const auto times = std::count(orders.begin(), orders.end(), order);
    CHECK(std::abs(times - 1000) < 145);  // five deviations
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_CASE("nothing and one value are shuffled without a draw") {
  CHECK(random_permutation(0, stream_of(0)).empty());
  CHECK(random_permutation(1, stream_of(0)) == std::vector<std::uint32_t>{0});
}

}  // namespace byzsim::partition_draws_test
