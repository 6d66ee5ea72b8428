// Distances of n vectors to one point: one pass over the vectors, where all pairs would take n / 2.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/machine/parallel.h"

namespace byzsim {

/// Squared Euclidean distances of the vectors to `point`, in double; +infinity, never NaN, when a
/// coordinate is not finite.
template <class Real>
std::vector<double> squared_distances_to(const Real* point, std::span<const Real* const> vectors,
                                         std::size_t dimension, const Executor& executor);

/// Euclidean norms of the vectors; +infinity, never NaN, when a coordinate is not finite.
template <class Real>
std::vector<double> norms_of(std::span<const Real* const> vectors, std::size_t dimension,
                             const Executor& executor);

}  // namespace byzsim
