#include "adversaries/attacks/mean_shift.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>

#include "tests/adversaries/attack_situations.h"
#include "tests/catch.h"

namespace byzsim::mean_shift_test {
namespace {

const std::string kDirections[] = {"std", "sign", "mean"};

/// Honest 0, 1, 5: mean 2, deviation sqrt((4 + 1 + 9) / 2) = sqrt(7).
Situation<double> three_on_a_line() { return {{0}, {{0}, {1}, {5}}}; }

double squared_distance_between(const Doubles& a, const Doubles& b) {
  double sum = 0;
  for (std::size_t c = 0; c < a.size(); ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
  return sum;
}

double largest_distance(const Doubles& from, const std::vector<Doubles>& to) {
  double largest = 0;
  for (const Doubles& each : to)
    largest = std::max(largest, std::sqrt(squared_distance_between(from, each)));
  return largest;
}

double sum_of_squares(const Doubles& from, const std::vector<Doubles>& to) {
  double sum = 0;
  for (const Doubles& each : to) sum += squared_distance_between(from, each);
  return sum;
}

/// The vector of which min_max and min_sum send a multiple beside the mean.
Doubles direction_of(const std::string& direction, const Situation<double>& situation,
                     const Doubles& mean) {
  const Doubles below = craft("a_little_is_enough", situation, {{"z", 1.0}, {"sign", -1l}});
  const double length = std::sqrt(squared_distance_between(mean, Doubles(mean.size(), 0.0)));
  Doubles result;
  for (std::size_t c = 0; c < mean.size(); ++c)
    result.push_back(direction == "std"    ? below[c] - mean[c]
                     : direction == "sign" ? (mean[c] > 0 ? -1 : 1)
                                           : -mean[c] / length);
  return result;
}

using Measure = std::function<double(const Doubles&, const std::vector<Doubles>&)>;

/// The largest measure of an honest vector, which what is said must not exceed.
double largest(const Measure& measure, const std::vector<Doubles>& honest) {
  double most = 0;
  for (const Doubles& each : honest) most = std::max(most, measure(each, honest));
  return most;
}

/// Along each direction on random vectors: the measure of what is said is at most the largest of an
/// honest vector, and exceeds it when shifted farther by a part in a million of a deviation.
void check_that_it_reaches_the_boundary(const std::string& attack, const Measure& measure) {
  for (const std::string& word : kDirections) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      CAPTURE(word, seed);
      const Situation<double> situation = many_honest<double>(14, 30, seed);
      const double bound = largest(measure, situation.honest);
      Doubles said = craft(attack, situation, {{"direction", word}});
      CHECK(measure(said, situation.honest) <= bound * (1 + 1e-12));
      const Doubles mean = craft("sign_flipping", situation, {{"factor", -1.0}});
      const Doubles direction = direction_of(word, situation, mean);
      for (std::size_t c = 0; c < said.size(); ++c) said[c] += 1e-6 * direction[c];
      CHECK(measure(said, situation.honest) > bound);
    }
  }
}

/// Of random vectors on the attack's line that keep to its measure, none lies farther from the mean
/// than what it says, up to rounding.
void check_that_no_random_one_is_farther(const std::string& attack, const Measure& measure) {
  for (const std::string& word : kDirections) {
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
      CAPTURE(word, seed);
      const Situation<double> situation = many_honest<double>(14, 30, seed);
      const double bound = largest(measure, situation.honest);
      const Doubles mean = craft("sign_flipping", situation, {{"factor", -1.0}});
      const Doubles direction = direction_of(word, situation, mean);
      const double length =
          std::sqrt(squared_distance_between(direction, Doubles(mean.size(), 0.0)));
      const double said = std::sqrt(
          squared_distance_between(craft(attack, situation, {{"direction", word}}), mean));
      Stream stream(seed, Purpose::attack, 9, 0);
      int kept = 0;
      for (int i = 0; i < 300; ++i) {
        const double size = stream.uniform(0, 10 / length);
        Doubles random = mean;
        for (std::size_t c = 0; c < random.size(); ++c) random[c] += size * direction[c];
        if (measure(random, situation.honest) > bound) continue;
        ++kept;
        CHECK(size * length <= said * (1 + 1e-12));
      }
      CHECK(kept > 30);
    }
  }
}

}  // namespace

TEST_CASE("no random vector that min_max might say lies farther from the mean") {
  check_that_no_random_one_is_farther("min_max", largest_distance);
}

TEST_CASE("no random vector that min_sum might say lies farther from the mean") {
  check_that_no_random_one_is_farther("min_sum", sum_of_squares);
}

TEST_CASE("min_max lies as far from an honest vector as two of them do") {
  // Below the mean 2 the farthest is 5, and the bound 5 - 0: down to 0.
  for (const std::string& direction : kDirections)
    CHECK(craft("min_max", three_on_a_line(), {{"direction", direction}})[0] ==
          Approx(0).margin(1e-14));
}

TEST_CASE("min_sum keeps to the largest sum of an honest vector, as its paper") {
  // Sums: 1 + 25 = 26, 1 + 16 = 17, 25 + 16 = 41. Of x: 14 + 3 (2 - x)^2 <= 41 from x = -1 on. The
  // released code's least sum, 17, would give x = 1.
  for (const std::string& direction : kDirections)
    CHECK(craft("min_sum", three_on_a_line(), {{"direction", direction}})[0] == Approx(-1));
}

TEST_CASE("the mean is shifted as far in proportion at every scale") {
  // 0 and -1 as above, times the scale: a search in steps of fixed size would stay at the mean or
  // stop before the boundary.
  for (const double scale : {1e-12, 1e-6, 1e6, 1e12}) {
    const Situation<double> scaled{{0}, {{0}, {scale}, {5 * scale}}};
    for (const std::string& direction : kDirections) {
      CAPTURE(scale, direction);
      CHECK(craft("min_max", scaled, {{"direction", direction}})[0] / scale ==
            Approx(0).margin(1e-14));
      CHECK(craft("min_sum", scaled, {{"direction", direction}})[0] / scale == Approx(-1));
    }
  }
}

TEST_CASE("min_sum shifts by more than 20 deviations where many honest vectors agree") {
  // 999 at 0 and one at 1000: mean 1, variance (999 + 999^2) / 999 = 1000. The largest sum is that
  // of 1000, 999 * 1000^2; of x it is 999 * 1000 + 1000 (1 - x)^2, so 1 - x = 999, 31.6 deviations.
  Situation<double> situation{{0}, std::vector<Doubles>(1000, Doubles{0})};
  situation.honest.back() = {1000};
  CHECK(craft("min_sum", situation)[0] == Approx(-998));
}

TEST_CASE("the mean is shifted against the deviation, its sign or itself") {
  // Mean (3, -4), deviations (2, 1); the largest distance between two is that of (1, -5), (5, -3).
  const Situation<double> situation{{0, 0}, {{1, -5}, {3, -4}, {5, -3}}};
  const auto shift = [&](const char* direction) {
    Doubles said = craft("min_max", situation, {{"direction", std::string(direction)}});
    return Doubles{said[0] - 3, said[1] + 4};
  };
  CHECK(shift("std")[0] == Approx(2 * shift("std")[1]));
  CHECK(shift("std")[0] < 0);
  CHECK(shift("sign")[0] == Approx(-shift("sign")[1]));
  CHECK(shift("sign")[0] < 0);
  CHECK(shift("mean")[0] * -4 == Approx(shift("mean")[1] * 3));
  CHECK(shift("mean")[0] < 0);
}

TEST_CASE("min_max reaches the largest honest distance and keeps within it") {
  check_that_it_reaches_the_boundary("min_max", largest_distance);
}

TEST_CASE("min_sum reaches the largest honest sum and keeps within it") {
  check_that_it_reaches_the_boundary("min_sum", sum_of_squares);
}

TEST_CASE("honest vectors that agree leave no room for a shift") {
  const Situation<double> situation{{0, 0}, {{1, 2}, {1, 2}, {1, 2}}};
  for (const char* attack : {"min_max", "min_sum"})
    for (const std::string& direction : kDirections)
      CHECK(craft(attack, situation, {{"direction", direction}}) == Doubles{1, 2});
}

TEST_CASE("a mean of zero has no direction") {
  const Situation<double> situation{{0}, {{-1}, {1}}};
  CHECK(craft("min_max", situation, {{"direction", std::string("mean")}}) == Doubles{0});
  CHECK(craft("min_max", situation, {{"direction", std::string("sign")}}) == Doubles{0});
}

}  // namespace byzsim::mean_shift_test
