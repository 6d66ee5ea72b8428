// The weighted mean of n vectors.
#pragma once

#include <span>

#include "core/machine/parallel.h"

namespace byzsim {

/// out = the sum of weights[i] * vectors[i], in double and in their order. Weights are not negative
/// and sum to 1; a vector of weight 0 is not looked at. Finite when the others are. A null pointer
/// stands for the zero vector.
template <class Real>
void weighted_mean(std::span<const Real* const> vectors, std::span<const double> weights,
                   std::size_t dimension, const Executor& executor, Real* out);

}  // namespace byzsim
