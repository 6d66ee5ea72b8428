#include "sim/gather/linear_pieces.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/catch.h"

namespace byzsim::linear_pieces_test {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr Affine kFirst = {0, {1, 0}};
constexpr Affine kSecond = {0, {0, 1}};

Affine at(double constant) { return {constant, {}}; }

}  // namespace

TEST_CASE("of no number the extremes are the value itself") {
  CHECK(extremes_of([](const Numbers2&) { return 2.5; }, 0, {}, 1) == Extremes{2.5, 2.5});
}

TEST_CASE("a value between two bounds reaches both") {
  const auto clamped = [](const Numbers2& z) { return std::clamp(z[0], -1.0, 3.0); };
  CHECK(extremes_of(clamped, 1, {kFirst + at(1), kFirst - at(3)}, 4) == Extremes{-1, 3});
}

TEST_CASE("an end that a jump keeps from being reached is the limit") {
  // Rises to 2 at 1, exclusively, and is 0 from there on.
  const auto jumping = [](const Numbers2& z) { return z[0] >= 0 && z[0] < 1 ? 2 * z[0] : 0; };
  CHECK(extremes_of(jumping, 1, {kFirst - at(1)}, 1) == Extremes{0, 2});
}

TEST_CASE("a value on a line alone counts") {
  const auto on_diagonal = [](const Numbers2& z) { return z[0] == z[1] ? 5 : 1; };
  CHECK(extremes_of(on_diagonal, 2, {kFirst - kSecond}, 1) == Extremes{1, 5});
}

TEST_CASE("what grows along a line alone has no bound") {
  // On the diagonal z[0], and 0 elsewhere.
  const auto ridge = [](const Numbers2& z) {
    return std::max(0.0, std::fabs(z[0]) - 4 * std::fabs(z[0] - z[1]));
  };
  const std::vector<Affine> lines = {kFirst - kSecond, 3 * kFirst - 4 * kSecond,
                                     5 * kFirst - 4 * kSecond};
  CHECK(extremes_of(ridge, 2, lines, 1) == Extremes{0, kInfinity});
}

TEST_CASE("the top of a pyramid over two numbers is where its lines meet") {
  const auto pyramid = [](const Numbers2& z) {
    return std::max(0.0, 7 - std::fabs(z[0] - 2) - std::fabs(z[1] - 3));
  };
  std::vector<Affine> lines = {kFirst - at(2), kSecond - at(3)};
  for (const double side : {-1.0, 1.0})
    for (const double height : {-7.0, 7.0})
      lines.push_back(kFirst - at(2) + side * (kSecond - at(3)) + at(height));
  const Extremes extremes = extremes_of(pyramid, 2, lines, 8);
  CHECK(extremes.low == Approx(0).margin(1e-12));
  CHECK(extremes.high == Approx(7));
}

TEST_CASE("a value that is not finite leaves no bound") {
  const auto broken = [](const Numbers2&) { return std::nan(""); };
  CHECK(extremes_of(broken, 1, {}, 1) == Extremes{-kInfinity, kInfinity});
}

}  // namespace byzsim::linear_pieces_test
