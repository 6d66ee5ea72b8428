// Draws from the gamma and the Dirichlet distribution, with the same bits everywhere.
#pragma once

#include <vector>

#include "core/exact/random.h"

namespace byzsim {

/// The logarithm of a draw from the gamma distribution of that shape (> 0) and scale 1. Its
/// logarithm, because draws of a small shape are too small for a double. Marsaglia and Tsang
/// (2000).
double draw_log_gamma(double shape, Stream& stream);

/// A point of the simplex from the symmetric Dirichlet distribution: `count` shares >= 0 that sum
/// to 1 up to rounding, more unequal the smaller alpha (> 0).
std::vector<double> draw_dirichlet(double alpha, std::size_t count, Stream& stream);

}  // namespace byzsim
