#include "adversaries/attacks/factor_scan.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "core/check.h"
#include "core/exact/portable_math.h"

namespace byzsim {
namespace {

// Of the evaluations: fewer rungs miss narrow peaks, more leave too few to find their tops.
constexpr double kLadderShare = 0.3;
constexpr double kLowestRung = 1.0 / 32;  // IPM does most harm to a geometric median at 0.03
constexpr double kHighestRung = 16;
constexpr int kDoublings = 4;           // of the exponent of a gap's harm: 2^4 = 16
constexpr double kLeastPromise = 1e-5;  // of a gap as wide, between harmless factors
constexpr double kNone = -std::numeric_limits<double>::infinity();

struct Point {
  double factor;  // above the start
  double harm;
};

using Points = std::vector<Point>;  // by factor

// The first of equals.
Points::const_iterator best_of(const Points& points) {
  return std::max_element(points.begin(), points.end(),
                          [](const Point& a, const Point& b) { return a.harm < b.harm; });
}

// From the highest rung downwards, since few evaluations may not reach the lowest.
std::vector<double> ladder(std::int64_t rungs) {
  const double span = portable::log(kHighestRung / kLowestRung);
  std::vector<double> factors;
  for (std::int64_t i = 0; i < rungs; ++i)
    factors.push_back(kHighestRung *
                      portable::exp(-span * double(i) / double(rungs > 1 ? rungs - 1 : 1)));
  return factors;
}

double lowest_harm(const Points& points) {
  double lowest = std::numeric_limits<double>::infinity();
  for (const Point& each : points)
    if (each.harm > kNone) lowest = std::min(lowest, each.harm);
  return lowest;
}

double promise_of(const Point& left, const Point& right, double lowest, double highest) {
  // Relative to the factor, or the gaps at the top of the ladder would always be the widest.
  const double width = (right.factor - left.factor) / right.factor;
  const double better = std::max(left.harm, right.harm);
  // Both ends give the attacker away; between them there may still be a peak.
  if (better == kNone) return width * kLeastPromise;
  // All equally harmful: only the width tells gaps apart.
  double share = highest > lowest ? (better - lowest) / (highest - lowest) : 1;
  for (int i = 0; i < kDoublings; ++i) share *= share;
  return width * (share + kLeastPromise);
}

// The number in the middle of the gap that begins with points[left]; nothing between neighbours.
std::optional<double> middle_of_gap(const Points& points, std::size_t left) {
  BYZ_CHECK(left + 1 < points.size(), "a gap lies between two points");
  const double low = points[left].factor, high = points[left + 1].factor;
  const double middle = low + (high - low) / 2;
  if (middle <= low || middle >= high) return std::nullopt;
  return middle;
}

// Of the wider gap beside the best point.
std::optional<double> close_factor(const Points& points) {
  const auto best = static_cast<std::size_t>(best_of(points) - points.begin());
  // At either end there is one gap only.
  if (best == 0) return middle_of_gap(points, 0);
  if (best + 1 == points.size()) return middle_of_gap(points, best - 1);
  const double before = points[best].factor - points[best - 1].factor;
  const double behind = points[best + 1].factor - points[best].factor;
  return middle_of_gap(points, behind >= before ? best : best - 1);
}

// Of the gap that promises most.
std::optional<double> promising_factor(const Points& points) {
  const double lowest = lowest_harm(points), highest = best_of(points)->harm;
  double most = 0;
  std::optional<double> factor;
  for (std::size_t left = 0; left + 1 < points.size(); ++left) {
    const double promise = promise_of(points[left], points[left + 1], lowest, highest);
    // Of equal promises, the gap nearest to the start.
    if (promise <= most) continue;
    const std::optional<double> middle = middle_of_gap(points, left);
    if (!middle) continue;
    most = promise;
    factor = middle;
  }
  return factor;
}

// The two take turns; nothing where every gap is closed.
std::optional<double> next_factor(const Points& points) {
  const std::optional<double> close = points.size() % 2 == 0 ? close_factor(points) : std::nullopt;
  return close ? close : promising_factor(points);
}

}  // namespace

double maximize(const FactorScan& scan, const std::function<double(double)>& objective) {
  BYZ_CHECK(scan.evaluations >= 1 && std::isfinite(scan.start), "a scan begins at a factor");
  BYZ_CHECK(objective != nullptr, "a search has an objective");
  Points points;
  const auto is_left = [&] { return std::ssize(points) < scan.evaluations; };
  const auto evaluate = [&](double factor) {
    const double value = objective(scan.start + factor);
    // Infinite and undefined damage must not win, and NaN would break the order of the points.
    const Point point{factor, std::isfinite(value) ? value : kNone};
    points.insert(
        std::lower_bound(points.begin(), points.end(), factor,
                         [](const Point& each, double sought) { return each.factor < sought; }),
        point);
  };
  evaluate(0);
  const auto rungs = static_cast<std::int64_t>(kLadderShare * double(scan.evaluations));
  for (const double factor : ladder(std::max<std::int64_t>(rungs, 1)))
    if (is_left()) evaluate(factor);
  // No rung is known to be high enough. Doubling ends where the damage stops growing, an infinite
  // factor at the latest.
  while (is_left() && points.size() > 1 && best_of(points) + 1 == points.end())
    evaluate(2 * points.back().factor);
  while (is_left() && points.size() > 1) {
    const std::optional<double> factor = next_factor(points);
    if (!factor) break;
    evaluate(*factor);
  }
  return scan.start + best_of(points)->factor;
}

}  // namespace byzsim
