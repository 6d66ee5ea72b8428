// Clusters of points by mean shift, for rules that tell honest vectors by a few numbers of each.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace byzsim {

/// A few finite numbers of one vector.
using FeaturePoint = std::array<double, 3>;

/// The indices, ascending, of the largest cluster by mean shift with a flat kernel (Comaniciu and
/// Meer, 2002; steps as in scikit-learn, as we understand them). The bandwidth is the mean distance
/// from a point to its k-th nearest, itself among them, k the whole part of `quantile` times their
/// number, at least 1. Every point moves to the mean of the points within the bandwidth until it
/// moves by at most a thousandth of it, or 300 times. Of places within the bandwidth of each other
/// the one with most points around it stays (equally many: the one lexicographically greater), and
/// a point belongs to the nearest place. Equally large clusters: that of the place with more
/// points.
std::vector<std::size_t> largest_mean_shift_cluster(const std::vector<FeaturePoint>& points,
                                                    double quantile);

}  // namespace byzsim
