// The coefficients of one input, by the worst choice of who is honest, against values by hand.
#include "core/robustness/honest_sets.h"

#include <cmath>

#include "tests/catch.h"

namespace byzsim::honest_sets_test {
namespace {

WorstHonestSet on_line(std::vector<float> values, double output, int f, Coefficient coefficient) {
  const std::vector<double> out = {output};
  return worst_honest_set({1, std::move(values)}, out, f, coefficient, kRoundingShare<double>);
}

using Set = std::vector<std::size_t>;

}  // namespace

TEST_CASE("kappa of three values on a line is that of the worst pair of honest ones") {
  // Honest {0, 2}: mean 1, variance 1, squared error 4 of the output 3. Of {0, 3} the ratio is
  // 2.25 / 2.25, and of {2, 3} it is 0.25 / 0.25.
  const WorstHonestSet worst = on_line({0, 2, 3}, 3, 1, Coefficient::kappa);
  CHECK(worst.value == Approx(4));
  CHECK(worst.outside == Set{2});
}

TEST_CASE("lambda of three values on a line is the error by the diameter") {
  // Honest {0, 1}: mean 0.5, diameter 1, error 2.5 of the output 3.
  const WorstHonestSet worst = on_line({0, 1, 5}, 3, 1, Coefficient::lambda);
  CHECK(worst.value == Approx(2.5));
  CHECK(worst.outside == Set{2});
}

TEST_CASE("without Byzantine vectors the mean has both coefficients 0") {
  CHECK(on_line({0, 3, 6}, 3, 0, Coefficient::kappa).value == 0);
  CHECK(on_line({0, 3, 6}, 3, 0, Coefficient::lambda).value == 0);
}

TEST_CASE("equal honest vectors that are missed have infinite coefficients") {
  for (const Coefficient coefficient : {Coefficient::kappa, Coefficient::lambda}) {
    const WorstHonestSet worst = on_line({7, 7, 8}, 7.25, 1, coefficient);
    CHECK(std::isinf(worst.value));
    CHECK(worst.outside == Set{2});
  }
}

TEST_CASE("equal honest vectors that are met have no error") {
  // Of {7, 8} and the output 7: 0.25 / 0.25.
  CHECK(on_line({7, 7, 8}, 7, 1, Coefficient::kappa).value == Approx(1));
}

TEST_CASE("an output without numbers has infinite coefficients") {
  CHECK(std::isinf(on_line({0, 1, 2}, std::nan(""), 1, Coefficient::kappa).value));
  CHECK(std::isinf(on_line({0, 1, 2}, INFINITY, 1, Coefficient::lambda).value));
}

TEST_CASE("what rounding can explain is no error") {
  // Far from 0 a double has no more digits than this difference.
  CHECK(on_line({1e7F, 1e7F, 1e7F}, 1e7 + 1e-6, 1, Coefficient::kappa).value == 0);
}

TEST_CASE("kappa of the plane adds what coordinates have") {
  // Honest (0, 0), (2, 2): mean (1, 1), variance 2, squared error 8 of the output (3, 3).
  const std::vector<double> output = {3, 3};
  const InputVectors inputs{2, {0, 0, 2, 2, 9, 9}};
  CHECK(worst_honest_set(inputs, output, 1, Coefficient::kappa, 0).value == Approx(4));
}

TEST_CASE("a far vector costs the honest ones no digits") {
  // Honest {0, 2} and the output 2, whatever the third is.
  CHECK(on_line({0, 2, 30000}, 2, 1, Coefficient::kappa).value == Approx(1).epsilon(1e-6));
}

TEST_CASE("honest sets are counted up to a million") {
  CHECK(honest_sets(21, 5) == 20349);
  CHECK(honest_sets(4, 0) == 1);
  CHECK(honest_sets(64, 31) == kMostHonestSets + 1);
}

}  // namespace byzsim::honest_sets_test
