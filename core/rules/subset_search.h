// The subset of given size that spreads least: the heart of SMEA.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/kernels/symmetric_eigen.h"
#include "core/machine/parallel.h"

namespace byzsim {

/// More vectors than this are not searched: the search is exact, and on vectors without outliers it
/// may look at most subsets.
constexpr std::size_t kLeastSpreadVectors = 64;

/// The largest eigenvalue of the scatter (the covariance times the count) of a subset, from inner
/// products as seen from any one point.
double spread_of(const SymmetricMatrix& products, std::span<const std::size_t> subset);

/// The indices, ascending, of the `size` vectors among `among` (ascending) with the least spread;
/// among equal spreads the first in lexicographic order. 1 <= size <= the number among. The
/// executor may break it off.
std::vector<std::size_t> least_spread_subset(const SymmetricMatrix& products,
                                             std::span<const std::size_t> among, std::size_t size,
                                             const Executor& executor);

}  // namespace byzsim
