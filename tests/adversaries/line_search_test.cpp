#include "adversaries/attacks/line_search.h"

#include <cmath>
#include <limits>

#include "tests/adversaries/attack_situations.h"
#include "tests/catch.h"

namespace byzsim::line_search_test {
namespace {

/// Every x the search asks for, in order.
Doubles asked(const LineSearch& search, double (*objective)(double)) {
  Doubles all;
  maximize(search, [&](double x) {
    all.push_back(x);
    return objective(x);
  });
  return all;
}

double nan_beyond_20(double x) { return x > 20 ? std::nan("") : x; }

/// What asks the optimal attacks for ByzFL's search with its own numbers.
const Changes kByzfl = {{"evaluations", 20l}, {"delta", 10.0}};

const std::string kOptimal[] = {"optimal_inner_product_manipulation", "optimal_a_little_is_enough"};

double deviation_from_mean(const Situation<double>& situation, const Aggregation& defence,
                           const Doubles& said) {
  const Doubles result = aggregate_attacked(situation, defence, said);
  const Doubles mean = craft("sign_flipping", situation, {{"factor", -1.0}});
  double sum = 0;
  for (std::size_t c = 0; c < mean.size(); ++c)
    sum += (result[c] - mean[c]) * (result[c] - mean[c]);
  return std::sqrt(sum);
}

}  // namespace

TEST_CASE("the line search doubles its step as long as the objective grows") {
  // 0, then 0 + 1, 1 + 2, 3 + 4, 7 + 8.
  CHECK(asked({5, 0, 1, 0.8}, [](double x) { return x; }) == Doubles{0, 1, 3, 7, 15});
}

TEST_CASE("the line search shortens its step after the first failure, only upwards") {
  // Peak at 4: 0 and 1, 3 (value 3) grow; 3 + 4 = 7 (value 1) does not, and the step becomes 2;
  // 5 (value 3) is no better than 3; 3 + 1 = 4 is, and the step becomes 0.5.
  CHECK(asked({7, 0, 1, 0.5}, [](double x) { return 4 - std::fabs(x - 4); }) ==
        Doubles{0, 1, 3, 7, 5, 4, 4.5});
}

TEST_CASE("the line search keeps the first of equally good points") {
  CHECK(maximize({20, 3, 10, 0.8}, [](double) { return 1.0; }) == 3);
}

TEST_CASE("the line search evaluates as often as it may, and once at least") {
  CHECK(asked({1, 2, 10, 0.8}, [](double x) { return x; }) == Doubles{2});
  CHECK(asked({20, 2, 10, 0.8}, [](double) { return 0.0; }).size() == 20);
}

TEST_CASE("the line search takes no point without a finite value") {
  CHECK(maximize({20, 0, 10, 0.8}, nan_beyond_20) <= 20);
  CHECK(maximize({20, 0, 10, 0.8}, nan_beyond_20) > 19);
  CHECK(maximize({20, 0, 10, 0.8}, [](double x) {
          return x > 0 ? std::numeric_limits<double>::infinity() : 0;
        }) == 0);
}

TEST_CASE("the line search leaves a start without a finite value") {
  CHECK(maximize({2, 0, 10, 0.8}, [](double x) { return x > 0 ? 1.0 : std::nan(""); }) == 10);
}

TEST_CASE("against an unknown defence the line search fights the average") {
  // The average moves the farther the larger the factor: 10 + 20 + ... = 10 (2^19 - 1).
  const double largest = 10.0 * 524287;
  CHECK(craft("optimal_inner_product_manipulation", byzfl_example(), kByzfl) ==
        Doubles{-4 * largest, -5 * largest, -6 * largest});
  CHECK(craft("optimal_a_little_is_enough", byzfl_example(), kByzfl) ==
        Doubles{4 + 3 * largest, 5 + 3 * largest, 6 + 3 * largest});
}

TEST_CASE("the optimal attacks fight the average while they know too few for the defence") {
  const Aggregation krum = defence_of("krum", 6);
  Situation<double> situation{{1, 2}, {{1, 2}}, 20, 1};  // two vectors, and Krum needs 8
  situation.defence = &krum;
  const Doubles said = craft("optimal_inner_product_manipulation", situation, kByzfl);
  CHECK(said == Doubles{-10.0 * 524287, -20.0 * 524287});
}

TEST_CASE("against the median the line search stops as soon as more changes nothing") {
  // Honest 0, 1, 2 and one liar at 1 + x: the median is (1 + min(1 + x, 2)) / 2, greatest from
  // x = 1 on; the first point tried beyond is 10.
  const Aggregation median = defence_of("median", 1);
  Situation<double> situation{{1}, {{0}, {1}, {2}}, 4, 1};
  situation.defence = &median;
  CHECK(craft("optimal_a_little_is_enough", situation, kByzfl) == Doubles{11});
}

TEST_CASE("the optimal attacks never do less harm than at their start, and more than at 0") {
  for (const std::string& attack : kOptimal) {
    for (const Changes& search : {kByzfl, Changes{}}) {
      for (const char* rule : {"median", "trimmed_mean", "krum"}) {
        for (std::uint64_t seed = 1; seed <= 10; ++seed) {
          CAPTURE(attack, rule, seed, search.empty());
          Situation<double> situation = many_honest<double>(14, 30, seed);
          const Aggregation defence = defence_of(rule, 6);
          situation.defence = &defence;
          const auto harm_from = [&](double start, std::int64_t evaluations) {
            Changes changes = search;
            changes.insert(changes.end(), {{"start", start}, {"evaluations", evaluations}});
            return deviation_from_mean(situation, defence, craft(attack, situation, changes));
          };
          CHECK(harm_from(0, 20) > harm_from(0, 1));
          for (const double start : {0.5, 1.0, 3.0})
            CHECK(harm_from(start, 20) >= harm_from(start, 1));
        }
      }
    }
  }
}

}  // namespace byzsim::line_search_test
