// Coordinate-wise statistics of the vectors an attacker knows.
#pragma once

#include <vector>

#include "adversaries/attack.h"

namespace byzsim {

/// The mean of the honest vectors in double; the attacker's own vector when it knows none.
template <class Real>
std::vector<double> honest_mean(const AttackInput<Real>& input);

/// The standard deviation of the honest vectors around `mean`, with `ddof` subtracted from their
/// number; 0 where that leaves none.
template <class Real>
std::vector<double> honest_deviation(const AttackInput<Real>& input,
                                     const std::vector<double>& mean, int ddof);

/// Rounded to the attack's precision.
template <class Real>
std::vector<Real> rounded(const std::vector<double>& values) {
  return std::vector<Real>(values.begin(), values.end());
}

}  // namespace byzsim
