// The attacks that shift the mean against their definitions in long double, over vectors of any
// size, with and without outliers: a relative error of 1e-9 in double and 2e-6 in float.
#include <string>

#include "core/exact/random.h"
#include "tests/adversaries/attack_situations.h"
#include "tests/catch.h"
#include "tests/core/long_definitions.h"

namespace byzsim::attack_numbers_test {
namespace {

using namespace long_definitions;
using long_definitions::Vector;

/// The standard deviation of every coordinate.
Vector deviation(const Vectors& x) {
  const Vector centre = mean(x);
  Vector result;
  for (std::size_t c = 0; c < centre.size(); ++c) {
    Number sum = 0;
    for (const auto& each : x) sum += (each[c] - centre[c]) * (each[c] - centre[c]);
    result.push_back(std::sqrt(sum / Number(x.size() - 1)));
  }
  return result;
}

Vector moved(const Vector& from, Number size, const Vector& along) {
  Vector to = from;
  for (std::size_t c = 0; c < to.size(); ++c) to[c] += size * along[c];
  return to;
}

/// What must not grow beyond that of an honest vector: the largest squared distance, or their sum.
Number measured(const Vector& from, const Vectors& x, bool sum) {
  Number total = 0;
  for (const auto& each : x)
    total = sum ? total + squared(from, each) : std::max(total, squared(from, each));
  return total;
}

/// By halving, as the definition has no formula.
Vector shifted(const Vectors& x, const Vector& direction, bool sum) {
  const Vector centre = mean(x);
  Number bound = 0, low = 0, high = 1;
  for (const auto& each : x) bound = std::max(bound, measured(each, x, sum));
  const auto fits = [&](Number size) {
    return measured(moved(centre, -size, direction), x, sum) <= bound;
  };
  while (fits(high)) high *= 2;
  for (int i = 0; i < 400 && low < high; ++i) {
    const Number middle = (low + high) / 2;
    (fits(middle) ? low : high) = middle;
  }
  return moved(centre, -low, direction);
}

template <class Real>
Situation<Real> situation_of(double spread, double outlier, std::uint64_t seed) {
  Situation<Real> situation;
  situation.honest.assign(7, std::vector<Real>(5));
  for (std::size_t i = 0; i < 7; ++i) {
    Stream stream(seed, Purpose::attack, i, 0);
    const double size = outlier > 0 && i == 3 ? outlier : spread;
    for (Real& value : situation.honest[i])
      value = static_cast<Real>(size * (0.5 + stream.normal()));
  }
  situation.own = situation.honest[0];
  return situation;
}

template <class Real>
void check_all(double bound) {
  std::uint64_t seed = 0;
  for (const double spread : {1e-8, 1e-4, 1.0, 1e4, 1e8})
    for (const double outlier : {0.0, 1e3 * spread, 1e30}) {
      const Situation<Real> situation = situation_of<Real>(spread, outlier, ++seed);
      Vectors exact;
      for (const auto& each : situation.honest) exact.emplace_back(each.begin(), each.end());
      CAPTURE(spread, outlier);
      const Vector centre = mean(exact);
      // Relative to the mean as well: the shift away from an outlier may cancel nearly all of it.
      const auto error = [&](const std::vector<Real>& found, const Vector& expected) {
        Number most = 0, size = 0;
        for (std::size_t c = 0; c < found.size(); ++c) {
          most = std::max(most, std::fabs(Number(found[c]) - expected[c]));
          size = std::max({size, std::fabs(expected[c]), std::fabs(centre[c])});
        }
        return static_cast<double>(most / size);
      };
      const Vector along = deviation(exact);
      CHECK(error(craft("a_little_is_enough", situation), moved(centre, 1.5, along)) <= bound);
      CHECK(error(craft("min_max", situation), shifted(exact, along, false)) <= bound);
      CHECK(error(craft("min_sum", situation), shifted(exact, along, true)) <= bound);
    }
}

}  // namespace

TEST_CASE("attacks that shift the mean keep nine digits in double, whatever the spread") {
  check_all<double>(1e-9);
}

TEST_CASE("attacks that shift the mean keep the digits of float, whatever the spread") {
  check_all<float>(2e-6);
}

}  // namespace byzsim::attack_numbers_test
