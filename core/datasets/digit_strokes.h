// The ten digits as drawings: strokes through points of the unit square, x to the right and y
// downwards. Our own drawing, made for the glyphs data set.
#pragma once

#include <span>
#include <vector>

namespace byzsim {

/// A place in the plane, in whatever unit its holder says.
struct PlanePoint {
  double x;
  double y;
};

/// A line through points of its drawing, by index. A curved stroke that ends where it began is a
/// smooth loop; strokes that share a point stay joined when the point moves.
struct Stroke {
  enum class Shape { straight, curved };
  Shape shape;
  std::vector<int> points;
};

/// One way to write a digit.
struct Drawing {
  std::vector<PlanePoint> points;
  std::vector<Stroke> strokes;
};

/// The ways to write the digit in [0, 9]; at least one.
std::span<const Drawing> drawings_of(int digit);

/// The stroke as a chain of straight pieces, with the points at the places given: Catmull-Rom for
/// a curved one.
std::vector<PlanePoint> chain_of(const Stroke& stroke, std::span<const PlanePoint> places);

}  // namespace byzsim
