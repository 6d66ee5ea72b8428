// Order statistics of n values per coordinate, for all coordinates of a range at once. Values are
// compared as integers that order like the floats (NaN as +infinity, -0 before +0), so any order of
// the inputs gives the same bits.
#pragma once

#include <cstddef>
#include <span>

namespace byzsim {

/// Which of the two middle values an even count takes.
enum class Middle { mean, lower, upper };

/// out[c] = the median of vectors[0][c] ... vectors[n-1][c] for c in [begin, end).
template <class Real>
void coordinatewise_median(std::span<const Real* const> vectors, std::size_t begin, std::size_t end,
                           Middle middle, Real* out);

}  // namespace byzsim
