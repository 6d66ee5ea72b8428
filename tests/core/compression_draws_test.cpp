// What compressors promise of their draws: no bias, an error within omega, and coins that are
// shared or not.
#include <cmath>
#include <string>
#include <vector>

#include "core/compressors/compressor.h"
#include "tests/catch.h"
#include "tests/core/compressor_cases.h"

namespace byzsim::compression_draws_test {
namespace {

using namespace compressor_cases;

constexpr std::uint64_t kDraws = 20'000;

std::vector<Choice> drawing_choices() {
  return {choice_of("random_k", keeping(3)), choice_of("random_k", {{"share", 0.5}}),
          choice_of("qsgd", {{"levels", std::int64_t{1}}}),
          choice_of("qsgd", {{"levels", std::int64_t{7}}}), choice_of("natural")};
}

// All powers of two but 1 part in 3, where natural rounding varies most, and some zeros.
std::vector<std::vector<double>> probes() {
  std::vector<std::vector<double>> all = {{3, -4, 0, 12, 0.5, 0, 1, 2},
                                          std::vector<double>(12, 4.0 / 3)};
  std::vector<double> normal;
  Stream stream(2, Purpose::attack, 0, 0);
  for (int i = 0; i < 20; ++i) normal.push_back(stream.normal());
  all.push_back(normal);
  return all;
}

double square_of(const std::vector<double>& x) {
  double sum = 0;
  for (const double value : x) sum += value * value;
  return sum;
}

struct Drawn {
  std::vector<double> mean;
  double error = 0;  // the mean of |C(x) - x|^2
};

Drawn draws_of(const Choice& choice, const std::vector<double>& x) {
  Drawn drawn{std::vector<double>(x.size(), 0.0)};
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const auto made = compressed(choice, x, stream_of(i));
    for (std::size_t j = 0; j < x.size(); ++j) {
      drawn.mean[j] += made[j] / double(kDraws);
      drawn.error += (made[j] - x[j]) * (made[j] - x[j]) / double(kDraws);
    }
  }
  return drawn;
}

}  // namespace

TEST_CASE("unbiased compressors have the vector as their mean, and errors within omega",
          "[compressors]") {
  for (const Choice& choice : drawing_choices())
    for (const auto& x : probes()) {
      const double omega = compression_variance(choice, x.size()).value();
      const Drawn drawn = draws_of(choice, x);
      CAPTURE(choice.name, x.size(), omega, drawn.error, square_of(x));
      CHECK(drawn.error <= omega * square_of(x) * 1.05);
      // Six standard deviations of a mean, of which no coordinate has more than omega allows.
      for (std::size_t j = 0; j < x.size(); ++j)
        CHECK(std::fabs(drawn.mean[j] - x[j]) <=
              6 * std::sqrt(omega * square_of(x) / double(kDraws)));
    }
}

TEST_CASE("the omegas of random-k and natural compression are reached", "[compressors]") {
  // Every vector has the error of random-k, and significands of 4/3 that of natural compression.
  const std::vector<double> thirds(12, 4.0 / 3);
  CHECK(draws_of(choice_of("random_k", keeping(3)), thirds).error ==
        Approx(3 * square_of(thirds)).epsilon(0.02));
  CHECK(draws_of(choice_of("natural"), thirds).error ==
        Approx(square_of(thirds) / 8).epsilon(0.02));
}

TEST_CASE("compressors state omega where they are unbiased", "[compressors]") {
  const auto omega = [](const Choice& choice, std::size_t dimension) {
    return compression_variance(choice, dimension);
  };
  CHECK(omega(choice_of("none"), 100) == 0.0);
  CHECK(omega(choice_of("random_k", keeping(25)), 100) == 3.0);
  CHECK(omega(choice_of("random_k", keeping(200)), 100) == 0.0);
  CHECK(omega(choice_of("qsgd", {{"levels", std::int64_t{5}}}), 100) == 2.0);    // sqrt(d) / 5
  CHECK(omega(choice_of("qsgd", {{"levels", std::int64_t{20}}}), 100) == 0.25);  // d / 400
  CHECK(omega(choice_of("natural"), 100) == 0.125);
  CHECK_FALSE(omega(choice_of("top_k"), 100));
  CHECK_FALSE(omega(choice_of("sign"), 100));
}

TEST_CASE("biased compressors contract by their delta at least", "[compressors]") {
  CHECK(compression_contraction(choice_of("top_k", keeping(25)), 100) == 0.25);
  CHECK(compression_contraction(choice_of("sign"), 100) == 0.01);
  CHECK(compression_contraction(choice_of("random_k", keeping(80)), 100) == 0.75);  // 2 - d/k
  CHECK(compression_contraction(choice_of("random_k", keeping(25)), 100) == 0);
  for (const Choice& choice : {choice_of("top_k", keeping(3)), choice_of("sign")})
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
      const auto x = random_vector<double>(seed, false);
      auto lost = compressed(choice, x, stream_of(seed));
      for (std::size_t j = 0; j < x.size(); ++j) lost[j] -= x[j];
      const double delta = compression_contraction(choice, x.size());
      CAPTURE(choice.name, seed, delta);
      CHECK(square_of(lost) <= (1 - delta) * square_of(x) * (1 + 1e-12));
    }
}

TEST_CASE("own coins differ between nodes and steps, shared ones between steps alone",
          "[compressors]") {
  const std::vector<float> x(1000, 1.0f);
  const auto made = [&](const char* coins, std::uint64_t node, std::uint64_t step) {
    const Choice choice =
        choice_of("random_k", {{"k", std::int64_t{30}}, {"coins", std::string(coins)}});
    return compressed(choice, x, compression_stream(choice, 9, node, step));
  };
  CHECK(made("own", 3, 5) == made("own", 3, 5));
  CHECK(made("own", 3, 5) != made("own", 4, 5));
  CHECK(made("own", 3, 5) != made("own", 3, 6));
  CHECK(made("shared", 3, 5) == made("shared", 4, 5));
  CHECK(made("shared", 3, 5) != made("shared", 3, 6));
}

TEST_CASE("every subset of random-k is equally likely", "[compressors]") {
  // 10 subsets of 2 of 5, 2,000 draws each: 8 standard deviations are 340.
  std::vector<int> counts(32);
  for (std::uint64_t i = 0; i < kDraws; ++i) {
    const auto made =
        compressed<float>(choice_of("random_k", keeping(2)), {1, 1, 1, 1, 1}, stream_of(i));
    std::size_t mask = 0;
    for (std::size_t j = 0; j < 5; ++j) mask |= (made[j] != 0 ? std::size_t{1} : 0) << j;
    ++counts[mask];
  }
  int subsets = 0;
  for (const int count : counts)
    if (count > 0) {
      ++subsets;
      CHECK(std::abs(count - 2000) < 340);
    }
  CHECK(subsets == 10);
}

}  // namespace byzsim::compression_draws_test
