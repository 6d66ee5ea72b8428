// The subset of given size whose largest pairwise distance is smallest: the heart of
// minimum-diameter averaging (MDA, "brute" in Garfield).
#pragma once

#include <cstddef>
#include <vector>

#include "core/kernels/distances.h"
#include "core/machine/parallel.h"

namespace byzsim {

/// More vectors than this are not searched; the search is exact, so its time may grow
/// exponentially.
constexpr std::size_t kMinimumDiameterVectors = 1024;

/// The indices, ascending, of the `size` vectors with the smallest diameter; among equal diameters
/// the first in lexicographic order. 1 <= size <= n. Distances may be squared or +infinity, never
/// NaN; when any subset of that size has a finite diameter, so has the one returned. The executor
/// may break it off.
std::vector<int> minimum_diameter_subset(const DistanceMatrix& distances, int size,
                                         const Executor& executor);

}  // namespace byzsim
