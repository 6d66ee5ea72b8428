#include "sim/gather/linear_pieces.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/check.h"

namespace byzsim {
namespace {

constexpr double kNoBound = std::numeric_limits<double>::infinity();
constexpr double kParallel = 1e-9;  // sine of the angle below which lines count as parallel
constexpr double kRounding = 1e-11;
constexpr const char* kIsLinear = "a function is linear between the lines that were given";
constexpr double kBox = 0x1p30, kBounded = 0x1p16;  // in reaches

double cross(const Numbers2& a, const Numbers2& b) { return a[0] * b[1] - a[1] * b[0]; }
double length(const Numbers2& a) { return std::sqrt(a[0] * a[0] + a[1] * a[1]); }
Numbers2 unit(const Numbers2& a) { return {a[0] / length(a), a[1] / length(a)}; }

Numbers2 along(const Numbers2& from, double way, const Numbers2& direction) {
  return {from[0] + way * direction[0], from[1] + way * direction[1]};
}

// Rounding apart: that of what is added, and that of where the point itself was found.
bool passes_through(const Affine& line, const Numbers2& point, double reach) {
  const double terms = std::fabs(line.constant) + std::fabs(line.of[0] * point[0]) +
                       std::fabs(line.of[1] * point[1]);
  return std::fabs(line.at(point)) <= kRounding * (terms + length(line.of) * reach);
}

// Those that are lines at all, each once, with the box. A number that does not count stays at 0.
std::vector<Affine> lines_in_box(std::vector<Affine> lines, std::size_t count, double reach) {
  std::erase_if(lines, [](const Affine& line) { return length(line.of) < kParallel; });
  for (std::size_t i = 0; i < kMostForged; ++i) {
    Affine axis;
    axis.of[i] = 1;
    lines.push_back(axis);
    if (i >= count) continue;
    for (const double side : {-kBox, kBox}) {
      axis.constant = side * reach;
      lines.push_back(axis);
    }
  }
  std::sort(lines.begin(), lines.end());
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

std::vector<Numbers2> crossings_of(const std::vector<Affine>& lines, double reach) {
  std::vector<Numbers2> points;
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (std::size_t j = i + 1; j < lines.size(); ++j) {
      const Affine &a = lines[i], &b = lines[j];
      const double determinant = cross(a.of, b.of);
      if (std::fabs(determinant) <= kParallel * length(a.of) * length(b.of)) continue;
      const Numbers2 point = {(b.constant * a.of[1] - a.constant * b.of[1]) / determinant,
                              (a.constant * b.of[0] - b.constant * a.of[0]) / determinant};
      const double farthest = std::max(std::fabs(point[0]), std::fabs(point[1]));
      if (farthest <= kBox * reach * (1 + kParallel)) points.push_back(point);
    }
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

bool in_upper_half(const Numbers2& a) { return a[1] > 0 || (a[1] == 0 && a[0] > 0); }

// Counterclockwise, from the positive side of the first axis.
bool comes_before(const Numbers2& a, const Numbers2& b) {
  if (in_upper_half(a) != in_upper_half(b)) return in_upper_half(a);
  return cross(a, b) > 0;
}

struct Directions {
  std::vector<Numbers2> along_lines, between_lines;
};

// From a point, by the lines through it.
Directions directions_from(const Numbers2& point, const std::vector<Affine>& lines, double reach) {
  std::vector<Numbers2> ways;
  for (const Affine& line : lines) {
    if (!passes_through(line, point, reach)) continue;
    ways.push_back({-line.of[1], line.of[0]});
    ways.push_back({line.of[1], -line.of[0]});
  }
  std::sort(ways.begin(), ways.end(), comes_before);
  std::vector<Numbers2> between;
  for (std::size_t i = 0; i < ways.size(); ++i) {
    const Numbers2 a = unit(ways[i]), b = unit(ways[(i + 1) % ways.size()]);
    const Numbers2 middle = {a[0] + b[0], a[1] + b[1]};
    // Between a line and itself, found in two ways, is nothing but rounding.
    if (std::fabs(cross(a, b)) > kParallel) between.push_back(middle);
  }
  return {std::move(ways), std::move(between)};
}

// A power of two, so that sums with numbers of few digits are exact: at most a quarter of the way
// to the next line.
double step_inside(const Numbers2& point, const Numbers2& direction,
                   const std::vector<Affine>& lines, double reach) {
  double way = reach;
  for (const Affine& line : lines) {
    if (passes_through(line, point, reach)) continue;
    const double rise = line.of[0] * direction[0] + line.of[1] * direction[1];
    const double to_line = -line.at(point) / rise;
    if (to_line > 0) way = std::min(way, to_line);  // false for NaN, too
  }
  int exponent = 0;
  std::frexp(way, &exponent);
  return std::ldexp(1.0, exponent - 3);
}

struct Widest {
  double bound;
  Extremes extremes = {kNoBound, -kNoBound};

  void add(double value) {
    if (!std::isfinite(value)) extremes = {-kNoBound, kNoBound};
    extremes.low = std::min(extremes.low, value < -bound ? -kNoBound : value);
    extremes.high = std::max(extremes.high, value > bound ? kNoBound : value);
  }
};

/// What is explored, and how far it has come.
struct Search {
  const std::function<double(const Numbers2&)>& function;
  std::vector<Affine> lines;
  double reach;
  Widest widest;

  // Approaches the point from that direction; false where the function is not linear on the way.
  bool approach(const Numbers2& point, const Numbers2& direction) {
    const double step = step_inside(point, direction, lines, reach);
    std::array<double, 3> values;
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = function(along(point, static_cast<double>(i + 1) * step, direction));
    const double limit = 2 * values[0] - values[1];
    const double bent = values[0] + values[2] - 2 * values[1];
    if (std::fabs(bent) > kParallel * (reach + std::fabs(values[0]))) return false;
    widest.add(limit);
    return true;
  }

  void visit(const Numbers2& point, std::size_t count) {
    widest.add(function(point));
    if (count == 0) return;
    const bool far_out = std::max(std::fabs(point[0]), std::fabs(point[1])) > kBounded * reach;
    const auto [along_lines, between_lines] = directions_from(point, lines, reach);
    for (const Numbers2& direction : along_lines) {
      if (count < kMostForged && direction[1] != 0) continue;
      const bool linear = approach(point, direction);
      // Of two numbers, rounding may choose another side of the line at each step; both sides are
      // pieces of their own.
      BYZ_CHECK(linear || far_out || count == kMostForged, kIsLinear);
    }
    if (count < kMostForged) return;
    for (const Numbers2& direction : between_lines) {
      const bool linear = approach(point, direction);
      BYZ_CHECK(linear || far_out, kIsLinear);
    }
  }
};

}  // namespace

Affine operator+(const Affine& a, const Affine& b) {
  return {a.constant + b.constant, {a.of[0] + b.of[0], a.of[1] + b.of[1]}};
}

Affine operator-(const Affine& a, const Affine& b) { return a + -1 * b; }

Affine operator*(double factor, const Affine& a) {
  return {factor * a.constant, {factor * a.of[0], factor * a.of[1]}};
}

Extremes extremes_of(const std::function<double(const Numbers2&)>& function, std::size_t count,
                     std::vector<Affine> lines, double reach) {
  BYZ_CHECK(count <= kMostForged, "a function has at most two numbers");
  BYZ_CHECK(reach > 0 && std::isfinite(reach), "lines are apart by a positive number");
  Search search{function, lines_in_box(std::move(lines), count, reach), reach, {kBounded * reach}};
  for (const Numbers2& point : crossings_of(search.lines, reach)) search.visit(point, count);
  return search.widest.extremes;
}

}  // namespace byzsim
