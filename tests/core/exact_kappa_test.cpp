// Coefficients that are exact: closed forms, and the search over pieces of rules that average a
// window of sorted values.
#include <cmath>

#include "core/input/parameter_reader.h"
#include "core/robustness/cone_rays.h"
#include "core/robustness/honest_sets.h"
#include "core/robustness/nonnegative_fit.h"
#include "core/robustness/order_weights.h"
#include "core/robustness/window_rules.h"
#include "tests/catch.h"

namespace byzsim::exact_kappa_test {
namespace {

Aggregation aggregation_of(const std::string& rule, int f) {
  return {{}, default_choice(rules().declarations(), rule), f};
}

double kappa_of(const std::string& rule, std::size_t n, int f) {
  return exact_kappa(order_weights(aggregation_of(rule, f), n).value(),
                     static_cast<std::size_t>(f));
}

double lambda_of(const std::string& rule, std::size_t n, int f) {
  return exact_lambda(order_weights(aggregation_of(rule, f), n).value(),
                      static_cast<std::size_t>(f));
}

// The worst of all inputs of whole numbers in [0, 4].
double worst_on_grid(const Aggregation& aggregation, std::size_t n) {
  const Executor executor(1);
  double worst = 0;
  std::vector<float> values(n, 0);
  while (true) {
    const InputVectors inputs{1, values};
    const auto output = output_of<double>(aggregation, inputs, 1, executor);
    worst = std::max(worst, worst_honest_set(inputs, output, aggregation.f, Coefficient::kappa,
                                             kRoundingShare<double>)
                                .value);
    std::size_t last = n;
    while (last > 0 && values[last - 1] == 4) --last;
    if (last == 0) return worst;
    std::fill(values.begin() + static_cast<std::ptrdiff_t>(last) - 1, values.end(),
              values[last - 1] + 1);
  }
}

}  // namespace

TEST_CASE("kappa of the median of an odd number is (n - 1)/(n + 1 - 2f)") {
  CHECK(kappa_of("median", 3, 1) == Approx(1));
  CHECK(kappa_of("median", 5, 1) == Approx(1));
  CHECK(kappa_of("median", 11, 3) == Approx(10.0 / 6));
  CHECK(kappa_of("median", 21, 5) == Approx(20.0 / 12));
}

TEST_CASE("kappa of the median of an even number is (n - 2)/(n + 2 - 2f)") {
  CHECK(kappa_of("median", 4, 1) == Approx(2.0 / 4));
  CHECK(kappa_of("median", 10, 3) == Approx(8.0 / 6));
}

TEST_CASE("kappa of the lower median of an even number is n/(n - 2f)") {
  Aggregation lower = aggregation_of("median", 1);
  lower.rule.parameters.set("middle", std::string("lower"));
  CHECK(exact_kappa(order_weights(lower, 4).value(), 1) == Approx(4.0 / 2));
}

TEST_CASE("kappa of the trimmed mean is f/(n - 2f), the least of any rule") {
  CHECK(kappa_of("trimmed_mean", 5, 1) == Approx(1.0 / 3));
  CHECK(kappa_of("trimmed_mean", 11, 3) == Approx(3.0 / 5));
  CHECK(kappa_of("trimmed_mean", 21, 5) == Approx(least_kappa(21, 5)));
}

TEST_CASE("kappa of the average is 0 without Byzantine vectors and infinite with one") {
  CHECK(kappa_of("average", 5, 0) == Approx(0).margin(1e-15));
  CHECK(std::isinf(kappa_of("average", 5, 1)));
}

TEST_CASE("lambda on a line of the trimmed mean is f/(n - f), of the median (n - 1)/(2n - 2f)") {
  CHECK(lambda_of("trimmed_mean", 11, 3) == Approx(3.0 / 8));
  CHECK(lambda_of("median", 11, 3) == Approx(10.0 / 16));
}

TEST_CASE("closed forms are what all inputs of small whole numbers come to") {
  // Their worst inputs have two values, which such numbers can be: f and n - 2f ones at one place.
  CHECK(worst_on_grid(aggregation_of("median", 1), 3) == Approx(1));
  CHECK(worst_on_grid(aggregation_of("median", 1), 4) == Approx(0.5));
  CHECK(worst_on_grid(aggregation_of("median", 2), 5) == Approx(2));
  CHECK(worst_on_grid(aggregation_of("median", 3), 7) == Approx(3));
  CHECK(worst_on_grid(aggregation_of("trimmed_mean", 1), 5) == Approx(1.0 / 3));
  CHECK(worst_on_grid(aggregation_of("trimmed_mean", 2), 7) == Approx(2.0 / 3));
}

TEST_CASE("an isotonic regression averages what descends") {
  CHECK(isotonic({1, 3, 2, 4}) == std::vector<double>{1, 2.5, 2.5, 4});
  CHECK(isotonic({3, 2, 1}) == std::vector<double>{2, 2, 2});
}

TEST_CASE("kappa of rules that average a window is bracketed by values and a dual bound") {
  for (const char* rule : {"meamed", "phocas", "mda"}) {
    const auto kappa = window_kappa(aggregation_of(rule, 2), 7);
    REQUIRE(kappa.has_value());
    CHECK(kappa->high >= kappa->low);
    CHECK(kappa->high <= kappa->low * (1 + 1e-9));
  }
}

TEST_CASE("three values of which one is Byzantine: a window of two can miss by kappa = 4") {
  // Values 0, 1 - e, 2 with the window {1 - e, 2} dropped for {0, 1 - e}: the honest ones 1 and 2
  // have the mean 1.5 and the variance 0.25, the output 0.5 has the squared error 1.
  for (const char* rule : {"meamed", "phocas", "mda"})
    CHECK(window_kappa(aggregation_of(rule, 1), 3)->low == Approx(4));
}

TEST_CASE("no inputs of small whole numbers are worse than the exact kappa of a window") {
  for (const char* rule : {"meamed", "phocas", "mda"})
    for (const auto& [n, f] : {std::pair<std::size_t, int>{4, 1}, {5, 1}, {5, 2}}) {
      INFO(rule << " " << n << " " << f);
      const double on_grid = worst_on_grid(aggregation_of(rule, f), n);
      const double exact = window_kappa(aggregation_of(rule, f), n)->high;
      CHECK(on_grid <= exact * (1 + 1e-9));
      CHECK(on_grid >= 0.75 * exact);
    }
}

TEST_CASE("a rule without windows has no exact kappa") {
  CHECK_FALSE(window_kappa(aggregation_of("krum", 1), 5).has_value());
  CHECK_FALSE(order_weights(aggregation_of("krum", 1), 5).has_value());
  Aggregation mixed = aggregation_of("median", 1);
  mixed.pre.push_back(default_choice(pre_aggregators().declarations(), "nnm"));
  CHECK_FALSE(order_weights(mixed, 5).has_value());
}

TEST_CASE("a quadrant cut along its middle has the rays (1, 0) and (1, 1)") {
  // x - y >= 0
  CHECK(cone_rays(2, {{1, -1}}) == std::vector<std::vector<double>>{{1, 0}, {1, 1}});
}

TEST_CASE("a fit with factors of at least 0 leaves out a column that points away") {
  const NonnegativeFit fit = nonnegative_fit({{1, 0}, {-1, -1}}, {2, 1});
  CHECK(fit.factors[0] == Approx(2));
  CHECK(fit.factors[1] == 0);
  CHECK(fit.rest[1] == Approx(-1));
}

}  // namespace byzsim::exact_kappa_test
