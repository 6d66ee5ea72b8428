// Order statistics of n values per coordinate, for all coordinates of a range at once. Values are
// compared as integers that order like the floats (NaN as +infinity, -0 before +0), so any order of
// the inputs gives the same bits. Sums run over the sorted values, in an order of their ranks, in
// double; "sum minus extremes" would lose all digits beside a huge Byzantine value.
#pragma once

#include <cstddef>
#include <span>
#include <variant>

namespace byzsim {

/// Which of the two middle values an even count takes.
enum class Middle { mean, lower, upper };

/// out[c] = the median of vectors[0][c] ... vectors[n-1][c] for c in [begin, end).
template <class Real>
void coordinatewise_median(std::span<const Real* const> vectors, std::size_t begin, std::size_t end,
                           Middle middle, Real* out);

/// out[c] = the mean of the values that are left without the `trim` lowest and the `trim` highest;
/// 2 trim < n. Finite whenever those are.
template <class Real>
void coordinatewise_trimmed_mean(std::span<const Real* const> vectors, std::size_t begin,
                                 std::size_t end, std::size_t trim, Real* out);

/// The point whose nearest values are wanted; never rounded to float. One beyond the finite numbers
/// (NaN: the upper side) is nearest to the values on its side.
struct MedianCentre {
  Middle middle;
};
struct TrimmedMeanCentre {
  std::size_t trim;  ///< 2 trim < n
};
using Centre = std::variant<MedianCentre, TrimmedMeanCentre>;

/// out[c] = the mean of the `count` values nearest to the centre, 1 <= count <= n. Of two values
/// equally far the lower is nearer; -infinity, +infinity and NaN are farther than any finite value.
/// Meamed (Xie et al., 2018): MedianCentre, n - f values; Phocas (Xie et al., 2018):
/// TrimmedMeanCentre, n - f values.
template <class Real>
void coordinatewise_mean_nearest(std::span<const Real* const> vectors, std::size_t begin,
                                 std::size_t end, std::size_t count, Centre centre, Real* out);

}  // namespace byzsim
