// Bounds that docs/robustness.md proves: their values, and that no inputs exceed them.
#include "core/robustness/upper_bounds.h"

#include <cmath>

#include "adversaries/inputs/worst_inputs.h"
#include "core/input/parameter_reader.h"
#include "tests/catch.h"

namespace byzsim::upper_bounds_test {
namespace {

Aggregation rule_of(const std::string& rule, int f, bool after_nnm = false) {
  Aggregation aggregation{{}, default_choice(rules().declarations(), rule), f};
  if (after_nnm) aggregation.pre.push_back(default_choice(pre_aggregators().declarations(), "nnm"));
  return aggregation;
}

double kappa_bound(const std::string& rule, std::size_t n, int f, bool after_nnm = false) {
  return upper_bound(rule_of(rule, f, after_nnm), n, 2, Coefficient::kappa).value().value;
}

}  // namespace

TEST_CASE("the bounds of kappa for 11 vectors of which 3 are Byzantine") {
  CHECK(kappa_bound("trimmed_mean", 11, 3) == Approx(3.0 / 5));
  CHECK(kappa_bound("median", 11, 3) == Approx(10.0 / 6));
  CHECK(kappa_bound("mda", 11, 3) == Approx(72.0 / 8));
  const double root = 1 + std::sqrt(12.0 / 7);
  CHECK(kappa_bound("krum", 11, 3) == Approx(8.0 / 4 * root * root));
}

TEST_CASE("nnm makes 8f/(n - f) times one more of a bound") {
  CHECK(kappa_bound("trimmed_mean", 11, 3, true) == Approx(3 * (1 + 0.6)));
  CHECK(kappa_bound("median", 12, 3, true) == Approx(24.0 / 9 * (1 + 10.0 / 8)));
}

TEST_CASE("no bound is given of an average, of half of the vectors, or of an approximation") {
  CHECK_FALSE(upper_bound(rule_of("average", 1), 5, 1, Coefficient::kappa));
  CHECK_FALSE(upper_bound(rule_of("median", 2), 4, 1, Coefficient::kappa));
  // Three rounds of Weiszfeld's iteration are not the geometric median.
  CHECK_FALSE(upper_bound(rule_of("geometric_median", 1), 5, 1, Coefficient::kappa));
}

TEST_CASE("Krum with one neighbour more, and the lower median, have bounds of their own") {
  Aggregation krum = rule_of("krum", 3), median = rule_of("median", 2);
  krum.rule.parameters.set("neighbours", std::string("n-f-1"));
  const double root = 1 + std::sqrt(2.0);
  CHECK(upper_bound(krum, 11, 1, Coefficient::kappa)->value == Approx(8.0 / 5 * root * root));
  median.rule.parameters.set("middle", std::string("lower"));
  CHECK(upper_bound(median, 6, 1, Coefficient::kappa)->value == Approx(6.0 / 2));
  CHECK(upper_bound(median, 7, 1, Coefficient::kappa)->value == Approx(6.0 / 4));
}

TEST_CASE("no inputs that a search finds exceed a bound") {
  const Executor executor(1);
  for (const auto& [n, f] : {std::pair<std::size_t, int>{5, 1}, {7, 2}, {8, 2}})
    for (const char* rule : {"trimmed_mean", "median", "mda", "krum"})
      for (const bool after_nnm : {false, true})
        for (const std::size_t d : {1, 3}) {
          const Aggregation aggregation = rule_of(rule, f, after_nnm);
          const auto bound = upper_bound(aggregation, n, d, Coefficient::kappa);
          const double found =
              worst_inputs({aggregation, n, d, Coefficient::kappa, 400, 1, executor}).worst.value;
          INFO(rule << (after_nnm ? " after nnm" : "") << ", n " << n << ", d " << d << ": found "
                    << found << " of " << bound->value);
          CHECK(found <= bound->value * (1 + 1e-9));
        }
}

TEST_CASE("after nnm a rule of finite kappa has 4f/(n - 2f) or more") {
  // f honest vectors at -1, n - 2f at 0, f Byzantine ones a little below 1, to which those at 0 are
  // nearer: n - f of the mixed vectors are equal.
  const Executor executor(1);
  for (const char* rule : {"trimmed_mean", "median", "mda", "krum"}) {
    const InputVectors inputs{1, {-1, -1, 0, 0, 0, 0.999999f, 0.999999f}};
    const auto worst =
        worst_honest_set(inputs, output_of<double>(rule_of(rule, 2, true), inputs, 1, executor), 2,
                         Coefficient::kappa, kRoundingShare<double>);
    CHECK(worst.value == Approx(8.0 / 3).epsilon(1e-5));
  }
}

}  // namespace byzsim::upper_bounds_test
