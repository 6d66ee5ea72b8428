#include <cmath>

#include "tests/adversaries/attack_situations.h"
#include "tests/catch.h"

namespace byzsim::fang_test {
namespace {

/// Honest vectors near (10, -10, 0, ...) but for independent normal noise. In so many dimensions
/// their mean is nearer to each than the others are, so that Krum can be made to pick what is near.
Situation<double> around_a_point(std::uint64_t seed) {
  Situation<double> situation = many_honest<double>(14, 30, seed);
  for (Doubles& vector : situation.honest) {
    vector[0] += 10;
    vector[1] -= 10;
  }
  return situation;
}

}  // namespace

TEST_CASE("Krum picks what fang says") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    const Situation<double> situation = around_a_point(seed);
    const Doubles said = craft("fang", situation);
    CHECK(aggregate_attacked(situation, defence_of("krum", 6), said) == said);
  }
}

TEST_CASE("fang lies below the mean of positive coordinates and above that of negative ones") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const Situation<double> situation = around_a_point(seed);
    const Doubles mean = craft("sign_flipping", situation, {{"factor", -1.0}});
    const Doubles said = craft("fang", situation);
    CHECK(said[0] < mean[0]);
    CHECK(said[1] - mean[1] == Approx(mean[0] - said[0]));
  }
}

TEST_CASE("fang halves lambda from its bound until Krum picks it") {
  // Honest 9, 10, 10, 11, mean 10; n = 6, f = 2, so that Krum counts 2 neighbours. The bound: least
  // sum of 2 distances, 1 (from 10), over n - 2f - 1 = 1, plus the largest distance to the mean, 1:
  // lambda = 2. At 8 a liar has squared distances 0 and 1 (to 9), sum 1, as has 10 (to 10 and 9):
  // the honest one comes first. At 9 the liars have 0 and 0: picked.
  const Aggregation krum = defence_of("krum", 2);
  Situation<double> situation{{0}, {{9}, {10}, {10}, {11}}, 6, 2};
  situation.defence = &krum;
  CHECK(craft("fang", situation) == Doubles{9});
}

TEST_CASE("fang counts the neighbours that its victim's Krum counts") {
  // Honest 9, 10, 10, 11 and two liars at 9: with n - f - 1 = 3 neighbours the liars' squared
  // distances sum to 0 + 0 + 1 = 1, that of 10 to 0 + 1 + 1 = 2: still picked. At 8: 0 + 1 + 4 = 5
  // against 0 + 1 + 1 = 2.
  const Aggregation krum = defence_of("krum", 2, {{"neighbours", std::string("n-f-1")}});
  Situation<double> situation{{0}, {{9}, {10}, {10}, {11}}, 6, 2};
  situation.defence = &krum;
  const Doubles said = craft("fang", situation);
  CHECK(aggregate_attacked(situation, krum, said) == said);
}

TEST_CASE("fang fights Krum where the defence is another") {
  const Aggregation median = defence_of("median", 6);
  Situation<double> situation = around_a_point(1);
  const Doubles said = craft("fang", situation);
  situation.defence = &median;
  CHECK(craft("fang", situation) == said);
}

TEST_CASE("fang that is never picked says the mean but for less than 1e-5") {
  // One liar and five honest vectors at 10, whose scores are 0. The mean is 70 / 6.
  const Situation<double> situation{{0}, {{10}, {10}, {10}, {10}, {10}, {20}}, 7, 1};
  const double said = craft("fang", situation)[0];
  CHECK(said < 70.0 / 6);
  CHECK(said == Approx(70.0 / 6).margin(1e-5));
}

TEST_CASE("fang says the mean while it knows too few for Krum") {
  CHECK(craft("fang", Situation<double>{{5, 7}, {}, 6, 2}) == Doubles{5, 7});
  CHECK(craft("fang", Situation<double>{{5, 7}, {{1, 3}}, 6, 2}) == Doubles{1, 3});
}

}  // namespace byzsim::fang_test
