// The attacks of Shejwalkar and Houmansadr (NDSS 2021) that know no aggregation: the mean of the
// honest vectors, shifted as far as their own spread hides it.
#pragma once

#include <vector>

#include "adversaries/attacks/attack.h"

namespace byzsim {

/// What of the distances from one vector to all honest ones must not exceed the honest vectors'
/// own.
enum class SpreadMeasure {
  largest,        ///< min_max: the largest distance; at most that between two honest ones
  sum_of_squares  ///< min_sum: at most the largest such sum of an honest vector
};

/// mean + size * direction with the largest size that the measure accepts, whatever the vectors'
/// scale; the direction is the parameter `direction`. Their code searches the size from 10 by
/// halved steps down to 1e-5, so that it never exceeds 20 and is 0 where vectors differ by less
/// than 1e-5; here it is the root of a quadratic equation.
template <class Real>
std::vector<Real> shifted_mean(const AttackInput<Real>& input, SpreadMeasure measure);

/// The parameter: std (minus the deviation), sign (minus the sign of the mean), mean (minus the
/// mean, of length 1).
Parameter direction_parameter();

}  // namespace byzsim
