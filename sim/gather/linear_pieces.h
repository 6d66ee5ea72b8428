// The least and the greatest value of a function of at most two numbers that is linear between
// finitely many lines.
//
// The lines cut the plane into cells, the lines into edges, and leave points. On each of these
// pieces the function is linear, so that its supremum over a piece is approached at a corner of the
// piece or else grows along it without bound. A box far out turns the latter into corners of the
// box, whose values no bounded function has. So it suffices to approach every point in which two
// lines meet from every piece that ends there. A step halves its way inside the piece, and the
// limit follows from two values, without a small number that would have to be chosen.
//
// Suprema, not maxima: where the function jumps, the limit counts as reached. Exact but for the
// rounding of the function itself and of where lines meet.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <vector>

namespace byzsim {

/// The most numbers that a function here has.
inline constexpr std::size_t kMostForged = 2;

/// Two numbers; where fewer count, the others are 0.
using Numbers2 = std::array<double, kMostForged>;

/// constant + of[0] z[0] + of[1] z[1]. As a line: where it is 0.
struct Affine {
  double constant = 0;
  Numbers2 of = {};
  double at(const Numbers2& z) const { return constant + of[0] * z[0] + of[1] * z[1]; }
  friend auto operator<=>(const Affine&, const Affine&) = default;
};

Affine operator+(const Affine& a, const Affine& b);
Affine operator-(const Affine& a, const Affine& b);
Affine operator*(double factor, const Affine& a);

/// Infinite ends are not bounded.
struct Extremes {
  double low;
  double high;
  friend bool operator==(const Extremes&, const Extremes&) = default;
};

/// Of `function` over the first `count` (0 to 2) numbers, the others at 0. It is linear between the
/// `lines`, of which those parallel to each other and those through 0 are welcome; a value that is
/// not finite makes both ends infinite. `reach` > 0 is a power of two no smaller than what the
/// lines are apart: every two of them that meet do so below 2^16 reach, and a bounded function
/// stays below it.
Extremes extremes_of(const std::function<double(const Numbers2&)>& function, std::size_t count,
                     std::vector<Affine> lines, double reach);

}  // namespace byzsim
