// How far apart vectors are: of servers, as drift, and of gradients, as noise.
//
// All vectors of one call have one dimension. Sums are taken in an order that depends on the
// dimension alone, so that they have the same bits on any thread.
#pragma once

#include <optional>
#include <vector>

#include "sim/world/payload.h"

namespace byzsim {

/// The differences between vectors that a row records; all 0 for fewer than two vectors. Theorems
/// on contraction are about the sum over coordinates (El-Mhamdi et al., PODC 2020, as we understand
/// it).
struct Spread {
  double diameter = 0;     ///< largest Euclidean distance between two; infinite with a NaN
  double coordinates = 0;  ///< sum over coordinates of the largest difference there
  /// |cos| of the angle between the two largest differences; for three vectors or more.
  std::optional<double> alignment;
};

/// Waits for the vectors; quadratic in their number.
Spread spread_of(const std::vector<Payload>& vectors);

/// The distances of vectors on two sides, in one and the same space: with n0 and n1 vectors on
/// them, within^2 + n0 n1 / (n0 + n1)^2 across^2 is the mean squared distance from the mean of all.
struct CutSpread {
  double across = 0;  ///< between the means of the two sides
  double within = 0;  ///< root of the mean squared distance of each vector from its side's mean
};

/// `sides` holds 0 or 1 for each vector; nothing where a side has none.
std::optional<CutSpread> cut_spread(const std::vector<Payload>& vectors,
                                    const std::vector<int>& sides);

/// The Euclidean distance of each vector from the mean of all (at least one vector).
std::vector<double> distances_from_mean(const std::vector<Payload>& vectors);

/// Root of the mean squared distance from the mean, over the norm of the mean (at least one
/// vector).
double variance_to_norm(const std::vector<Payload>& vectors);

/// The mean of vectors (at least one).
std::vector<float> mean_of(const std::vector<Payload>& vectors);

/// The cosine of the angle between `direction` and the way back from a model to the one before: 1
/// where the step went straight down a gradient. NaN where either has no direction.
double descent_cosine(const Payload& before, const Payload& after, const Payload& direction);

}  // namespace byzsim
