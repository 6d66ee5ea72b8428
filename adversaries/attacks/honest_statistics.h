// Coordinate-wise statistics of the vectors an attacker sees: the mean and the standard deviation
// from which ALIE (Baruch et al., NeurIPS 2019), IPM (Xie et al., UAI 2019) and the attacks of
// Shejwalkar and Houmansadr (NDSS 2021) are made.
//
// All sums are of doubles, in the order of the vectors. An attacker that sees no honest vector uses
// its own.
#pragma once

#include <vector>

#include "adversaries/attacks/attack.h"

namespace byzsim {

/// The honest vectors; the attacker's own alone when it knows none. At least one, each of
/// input.dimension() values.
template <class Real>
std::vector<const Real*> known_vectors(const AttackInput<Real>& input) {
  if (input.honest.empty()) return {input.own.data()};
  return {input.honest.begin(), input.honest.end()};
}

/// The mean of the honest vectors in double; the attacker's own vector when it knows none.
template <class Real>
std::vector<double> honest_mean(const AttackInput<Real>& input);

/// The standard deviation of the honest vectors around `mean`, with `ddof` subtracted from their
/// number (delta degrees of freedom); 0 where that leaves none.
template <class Real>
std::vector<double> honest_deviation(const AttackInput<Real>& input,
                                     const std::vector<double>& mean, int ddof);

/// -1, 0 or 1 for each value; 0 for NaN.
std::vector<double> signs_of(const std::vector<double>& values);

/// Rounded to the attack's precision.
template <class Real>
std::vector<Real> rounded(const std::vector<double>& values) {
  return std::vector<Real>(values.begin(), values.end());
}

}  // namespace byzsim
