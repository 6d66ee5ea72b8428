#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "tests/adversaries/attack_situations.h"
#include "tests/catch.h"

namespace byzsim::attacks_test {

TEST_CASE("reversed says -100 times its own vector, as Garfield's reverse") {
  CHECK(craft("reversed", byzfl_example()) == Doubles{-100, 200, -300});
  CHECK(craft("reversed", byzfl_example(), {{"factor", 0.5}}) == Doubles{-0.5, 1, -1.5});
}

TEST_CASE("sign flipping says the negative mean, as ByzFL's SignFlipping") {
  CHECK(craft("sign_flipping", byzfl_example()) == Doubles{-4, -5, -6});
  CHECK(craft("sign_flipping", byzfl_example(), {{"factor", 2.0}}) == Doubles{-8, -10, -12});
}

TEST_CASE("sign flipping may flip its own vector, as ByzPy's SignFlipAttack") {
  CHECK(craft("sign_flipping", byzfl_example(), {{"of", std::string("own")}}) ==
        Doubles{-1, 2, -3});
}

TEST_CASE("sign flipping before a trimmed mean gives what ByzFL's README prints") {
  Situation<double> situation = byzfl_example();
  situation.f = 1;
  const Doubles said = craft("sign_flipping", situation);
  CHECK(aggregate_attacked(situation, defence_of("trimmed_mean", 1), said) ==
        Doubles{2.5, 3.5, 4.5});
}

TEST_CASE("a little is enough says mean + 1.5 deviations, as ByzFL's ALittleIsEnough(1.5)") {
  CHECK(craft("a_little_is_enough", byzfl_example()) == Doubles{8.5, 9.5, 10.5});
}

TEST_CASE("a little is enough subtracts with sign -1, as its paper") {
  CHECK(craft("a_little_is_enough", byzfl_example(), {{"sign", -1l}}) == Doubles{-0.5, 0.5, 1.5});
  CHECK(craft("a_little_is_enough", byzfl_example(), {{"sign", 0l}}) == Doubles{4, 5, 6});
}

TEST_CASE("the deviation may be that of the population") {
  // sqrt((9 + 0 + 9) / 3) = sqrt(6)
  const Doubles said = craft("a_little_is_enough", byzfl_example(), {{"ddof", 0l}, {"z", 1.0}});
  CHECK(said[0] == Approx(4 + std::sqrt(6.0)).epsilon(1e-15));
}

TEST_CASE("a little is enough finds the largest unnoticed z itself") {
  // n = 51, f = 12: s = floor(51/2 + 1) - 12 = 14 supporters among 39 honest ones, and the normal
  // quantile of (39 - 14) / 39 = 0.641026 is 0.361201637711319.
  Situation<double> situation{{0}, {{-1}, {0}, {1}}, 51, 12};  // mean 0, deviation 1
  const Changes automatic = {{"z", std::string("auto")}};
  CHECK(craft("a_little_is_enough", situation, automatic)[0] ==
        Approx(0.361201637711319).epsilon(1e-12));
  // n = 20, f = 6: s = 11 - 6 = 5 of 14, quantile of 9 / 14.
  situation.n = 20;
  situation.f = 6;
  CHECK(craft("a_little_is_enough", situation, automatic)[0] ==
        Approx(0.36610635680057).epsilon(1e-12));
}

TEST_CASE("the automatic z is 0 where nothing goes unnoticed") {
  // n = 10, f = 1: s = 6 - 1 = 5 of 9, and 4 / 9 lies below the median.
  const Situation<double> situation{{0}, {{-1}, {0}, {1}}, 10, 1};
  CHECK(craft("a_little_is_enough", situation, {{"z", std::string("auto")}})[0] == 0);
}

TEST_CASE("one honest vector has no deviation, so that a little is enough repeats it") {
  CHECK(craft("a_little_is_enough", Situation<double>{{9, 9}, {{3, 4}}}) == Doubles{3, 4});
}

TEST_CASE("an attacker that knows no other vector takes its own for the mean") {
  const Situation<double> alone{{1, -2, 3}, {}};
  CHECK(craft("sign_flipping", alone) == Doubles{-1, 2, -3});
  CHECK(craft("a_little_is_enough", alone) == Doubles{1, -2, 3});
}

TEST_CASE("gaussian noise has the moments it is told") {
  constexpr std::size_t count = 100'000;
  const Situation<double> situation{Doubles(count, 0.0), {}};
  const Doubles said = craft("gaussian", situation, {{"mean", 3.0}, {"deviation", 2.0}});
  double sum = 0, squares = 0;
  for (const double value : said) {
    sum += value - 3;
    squares += (value - 3) * (value - 3);
  }
  // Five standard deviations: of the mean 2 / sqrt(count), of the variance 4 sqrt(2 / count).
  CHECK(std::fabs(sum / count) < 5 * 2 / std::sqrt(double(count)));
  CHECK(std::fabs(squares / count - 4) < 5 * 4 * std::sqrt(2.0 / count));
}

TEST_CASE("gaussian noise without deviation is its mean") {
  CHECK(craft("gaussian", byzfl_example(), {{"mean", 3.0}, {"deviation", 0.0}}) ==
        Doubles{3, 3, 3});
}

TEST_CASE("gaussian noise differs from stream to stream") {
  Situation<double> situation = byzfl_example();
  const Doubles first = craft("gaussian", situation);
  situation.counter = 1;
  CHECK(craft("gaussian", situation) != first);
}

TEST_CASE("inner product manipulation says -2 times the mean, as ByzFL's") {
  CHECK(craft("inner_product_manipulation", byzfl_example()) == Doubles{-8, -10, -12});
  CHECK(craft("inner_product_manipulation", byzfl_example(), {{"tau", 0.5}}) ==
        Doubles{-2, -2.5, -3});
}

TEST_CASE("mimic copies an honest vector, as ByzFL's") {
  CHECK(craft("mimic", byzfl_example()) == Doubles{1, 2, 3});
  CHECK(craft("mimic", byzfl_example(), {{"index", 2l}}) == Doubles{7, 8, 9});
}

TEST_CASE("mimic counts round the visible honest vectors") {
  CHECK(craft("mimic", byzfl_example(), {{"index", 4l}}) == Doubles{4, 5, 6});  // 4 mod 3 = 1
}

TEST_CASE("mimic says its own vector when it knows no other") {
  CHECK(craft("mimic", Situation<double>{{9, 8}, {}}, {{"index", 3l}}) == Doubles{9, 8});
}

TEST_CASE("uniform noise lies from 0 to below 1 and fills it") {
  const auto said = craft("random_uniform", Situation<float>{std::vector<float>(100'000), {}});
  CHECK(*std::min_element(said.begin(), said.end()) >= 0);
  CHECK(*std::max_element(said.begin(), said.end()) < 1);
  double sum = 0, squares = 0;
  for (const float value : said) {
    sum += value;
    squares += value * value;
  }
  // Five standard deviations: the value's is sqrt(1/12), the square's sqrt(1/5 - 1/9) = 0.298.
  CHECK(std::fabs(sum / 1e5 - 1.0 / 2) < 5 * 0.289 / std::sqrt(1e5));
  CHECK(std::fabs(squares / 1e5 - 1.0 / 3) < 5 * 0.299 / std::sqrt(1e5));
}

TEST_CASE("zero, infinity and nan say nothing else") {
  constexpr double inf = std::numeric_limits<double>::infinity();
  CHECK(craft("zero", byzfl_example()) == Doubles{0, 0, 0});
  CHECK(craft("infinity", byzfl_example()) == Doubles{inf, inf, inf});
  for (const double value : craft("nan", byzfl_example())) CHECK(std::isnan(value));
}

TEST_CASE("a partial drop zeroes 0.3 of its own coordinates and keeps the others") {
  const Doubles said = craft("partial_drop", Situation<double>{Doubles(100'000, 7.0), {}});
  const auto zeros = std::count(said.begin(), said.end(), 0.0);
  CHECK(zeros + std::count(said.begin(), said.end(), 7.0) == 100'000);
  // Five standard deviations of a binomial: sqrt(1e5 * 0.3 * 0.7) = 145.
  CHECK(std::abs(zeros - 30'000) < 5 * 145);
}

TEST_CASE("a partial drop may drop all or nothing") {
  CHECK(craft("partial_drop", byzfl_example(), {{"probability", 0.0}}) == Doubles{1, -2, 3});
  CHECK(craft("partial_drop", byzfl_example(), {{"probability", 1.0}}) == Doubles{0, 0, 0});
}

TEST_CASE("attacks on data say their own vector") {
  for (const char* name : {"label_flipping", "pixel_trigger"}) {
    CHECK(attacks().at(name).acts_on_data());
    CHECK(craft(name, byzfl_example()) == Doubles{1, -2, 3});
  }
  CHECK(std::count_if(attacks().begin(), attacks().end(),
                      [](const Attack& attack) { return attack.acts_on_data(); }) == 2);
}

}  // namespace byzsim::attacks_test
