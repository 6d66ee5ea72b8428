// The attacks of Shejwalkar and Houmansadr (NDSS 2021) that know no defence: the mean of the honest
// vectors, shifted as far as their own spread hides it.
#pragma once

#include <functional>
#include <vector>

#include "adversaries/attack.h"

namespace byzsim {

/// The largest size that is accepted, as their code searches it: from 0 by steps of 10, 5, 2.5, ...
/// as long as they exceed 1e-5, each taken if accepted. So it lies below 20, and within 2e-5 of the
/// boundary if there is one below 20.
double largest_accepted(const std::function<bool(double)>& accepted);

/// What of the distances from one vector to all honest ones must not exceed the honest vectors'
/// own.
enum class SpreadMeasure {
  largest,        ///< min_max: the largest distance; at most that between two honest ones
  sum_of_squares  ///< min_sum: at most the largest such sum of an honest vector
};

/// mean + size * direction with the largest size that the measure accepts; the direction is the
/// parameter `direction`.
template <class Real>
std::vector<Real> shifted_mean(const AttackInput<Real>& input, SpreadMeasure measure);

/// The parameter: std (minus the deviation), sign (minus the sign of the mean), mean (minus the
/// mean, of length 1).
Parameter direction_parameter();

}  // namespace byzsim
