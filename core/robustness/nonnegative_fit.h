// Non-negative least squares by active sets (Lawson and Hanson, 1974), for a few dozen rows.
#pragma once

#include <cstddef>
#include <vector>

namespace byzsim {

/// min over factors >= 0 of |sum of factors[j] columns[j] - target|^2.
struct NonnegativeFit {
  std::vector<double> factors;
  std::vector<double> rest;  ///< the sum minus the target
};

/// Columns have the target's length and are not zero.
NonnegativeFit nonnegative_fit(const std::vector<std::vector<double>>& columns,
                               const std::vector<double>& target);

}  // namespace byzsim
