// Sums over the magnitudes of a vector whose squares may leave the range of double. Shards are
// folded in index order: the bits do not depend on the number of threads.
#pragma once

#include <span>

#include "core/machine/parallel.h"

namespace byzsim {

/// The largest magnitude, +infinity where a value is not finite; 0 of no values.
template <class Real>
double largest_magnitude(std::span<const Real> vector, const Executor& executor);

/// A power of two by which magnitudes up to this finite `largest` are multiplied before they are
/// squared; 1 in [2^-400, 2^400], which all floats are in.
double safe_scale(double largest);

/// The sum of scale |x_j|, and of (scale x_j)^2; finite values.
template <class Real>
double sum_of_magnitudes(std::span<const Real> vector, double scale, const Executor& executor);
template <class Real>
double sum_of_squares(std::span<const Real> vector, double scale, const Executor& executor);

/// The value as `Real`, which it may be too large for: then the largest of its sign.
template <class Real>
Real limited_to(double value);

}  // namespace byzsim
