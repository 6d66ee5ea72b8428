#include "adversaries/attacks/factor_scan.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/adversaries/attack_situations.h"
#include "tests/catch.h"

namespace byzsim::factor_scan_test {
namespace {

/// Every x the scan asks for, in order.
Doubles asked(const FactorScan& scan, const std::function<double(double)>& objective) {
  Doubles all;
  maximize(scan, [&](double x) {
    all.push_back(x);
    return objective(x);
  });
  return all;
}

/// As Krum: in proportion to the factor until the vector is no longer chosen.
double cliff(double x) { return x <= 1.37 ? x : 0.5; }

double distance(const Doubles& a, const Doubles& b) {
  double sum = 0;
  for (std::size_t c = 0; c < a.size(); ++c) sum += (a[c] - b[c]) * (a[c] - b[c]);
  return std::sqrt(sum);
}

/// Fourteen or more honest vectors of 20 around 0.5, and as many liars as the rule bears, at most
/// 6.
struct Defended {
  Aggregation defence;
  Situation<double> situation;

  Defended(const std::string& rule, std::size_t dimension, std::uint64_t seed)
      : defence(defence_of(rule, 6)) {
    while (broken_condition(defence, 20, false)) --defence.f;
    situation = many_honest<double>(static_cast<std::size_t>(20 - defence.f), dimension, seed);
    situation.f = defence.f;
    for (Doubles& vector : situation.honest)
      for (double& value : vector) value += 0.5;
  }

  /// How far from the honest mean the rule is led.
  double harm(const std::string& attack, const Changes& changes) {
    situation.defence = &defence;
    return distance(aggregate_attacked(situation, defence, craft(attack, situation, changes)),
                    craft("sign_flipping", situation, {{"factor", -1.0}}));
  }

  /// The most of so many factors drawn from [0, 20].
  double random_harm(const std::string& attack, const std::string& factor, int draws) {
    Stream stream(1, Purpose::attack, 9, 0);
    double most = 0;
    for (int i = 0; i < draws; ++i)
      most = std::max(most, harm(attack, {{factor, stream.uniform(0, 20)}}));
    return most;
  }
};

/// In how many of the situations as many random factors do more harm than the optimal attacks.
int times_beaten(const std::string& rule, std::size_t dimension, std::int64_t evaluations) {
  int beaten = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    Defended defended(rule, dimension, seed);
    const int draws = static_cast<int>(evaluations);
    beaten += defended.random_harm("a_little_is_enough", "z", draws) >
              defended.harm("optimal_a_little_is_enough", {{"evaluations", evaluations}});
    beaten += defended.random_harm("inner_product_manipulation", "tau", draws) >
              defended.harm("optimal_inner_product_manipulation", {{"evaluations", evaluations}});
  }
  return beaten;
}

}  // namespace

TEST_CASE("the scan begins at its start and evaluates as often as it may") {
  for (const std::int64_t most : {1, 2, 3, 5, 20, 200}) {
    const Doubles all = asked({most, 3}, cliff);
    CHECK(all.front() == 3);
    CHECK(std::ssize(all) == most);
  }
}

TEST_CASE("the scan asks for no factor twice, and for none below its start") {
  Doubles all = asked({200, 0}, cliff);
  std::sort(all.begin(), all.end());
  CHECK(all.front() == 0);
  CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
}

TEST_CASE("the unit of the harm changes no factor that the scan asks for") {
  for (const double unit : {0x1p-20, 0x1p20})
    CHECK(asked({200, 0}, [=](double x) { return unit * cliff(x); }) == asked({200, 0}, cliff));
}

TEST_CASE("the scan finds the edge behind which a vector is no longer chosen") {
  CHECK(maximize(FactorScan{50, 0}, cliff) == Approx(1.37).epsilon(1e-3));
  CHECK(maximize(FactorScan{50, 0}, [](double x) { return cliff(x / 300); }) ==
        Approx(1.37 * 300).epsilon(1e-3));
}

TEST_CASE("the scan finds the higher of two peaks, beside the lower and wider one") {
  const auto two = [](double x) {
    return std::max(1 - std::fabs(x - 4) / 4, 1.5 - 2 * std::fabs(x - 1));
  };
  CHECK(maximize(FactorScan{50, 0}, two) == Approx(1).epsilon(1e-2));
}

TEST_CASE("the scan goes on upwards as long as that does more harm") {
  // Sixteen is the highest rung; 50 evaluations leave 34 doublings.
  CHECK(maximize(FactorScan{50, 0}, [](double x) { return x; }) == 16 * std::exp2(34));
}

TEST_CASE("the scan keeps its start where no factor does more harm") {
  CHECK(maximize(FactorScan{50, 3}, [](double) { return 1.0; }) == 3);
  CHECK(maximize(FactorScan{50, 3}, [](double x) { return -x; }) == 3);
}

TEST_CASE("the scan takes no factor without a finite value") {
  const auto nan_beyond_2 = [](double x) { return x > 2 ? std::nan("") : x; };
  CHECK(maximize(FactorScan{50, 0}, nan_beyond_2) <= 2);
  CHECK(maximize(FactorScan{50, 0}, nan_beyond_2) > 1.99);
  const auto infinite = [](double x) {
    return x > 0 ? std::numeric_limits<double>::infinity() : 0;
  };
  CHECK(maximize(FactorScan{50, 0}, infinite) == 0);
  CHECK(maximize(FactorScan{50, 0}, [](double) { return std::nan(""); }) == 0);
}

TEST_CASE("as many random factors never do more harm than the optimal attacks' own") {
  for (const char* rule : {"median", "trimmed_mean", "krum", "multi_krum", "mda",
                           "geometric_median", "centered_clipping", "aksel", "cge", "monna"}) {
    CAPTURE(rule);
    CHECK(times_beaten(rule, 30, 50) == 0);
    CHECK(times_beaten(rule, 30, 200) == 0);
  }
}

TEST_CASE("as many random factors hardly ever do more harm to rules with jagged harm") {
  // Meamed and Phocas drop each coordinate by itself, Bulyan and CAF choose anew among what is
  // left: the harm has ten to a hundred peaks, of which a random factor may hit the highest.
  for (const char* rule : {"meamed", "phocas", "bulyan", "caf"}) {
    CAPTURE(rule);
    CHECK(times_beaten(rule, 30, 50) <= 1);
    CHECK(times_beaten(rule, 30, 200) <= 1);
  }
  CHECK(times_beaten("smea", 30, 50) <= 1);  // slow
}

}  // namespace byzsim::factor_scan_test
