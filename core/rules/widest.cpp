#include "core/rules/widest.h"

#include <algorithm>
#include <cmath>

namespace byzsim {

// The covariance is the sum over i of w_i y_i y_i', y_i = x_i - mean. The matrix of the
// sqrt(w_i w_j) y_i' y_j has its eigenvalues, and an eigenvector u of it stands for the direction
// along the sum of sqrt(w_i) u_i y_i.
Widest widest(const SymmetricMatrix& products, const std::vector<double>& weights) {
  const std::size_t n = products.n();
  const SymmetricMatrix seen = seen_from(products, weights);
  SymmetricMatrix scaled(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = i; j < n; ++j)
      // What has no weight may be out of reach, with products that mean nothing.
      if (weights[i] > 0 && weights[j] > 0)
        scaled.set(i, j, std::sqrt(weights[i]) * std::sqrt(weights[j]) * seen(i, j));
  const Eigenpair top = largest_eigenpair(scaled);
  Widest found{std::max(0.0, top.value), std::vector<double>(n, 0.0)};
  // Nothing to divide by: all weighted vectors are equal.
  if (found.variance == 0) return found;
  const double length = std::sqrt(found.variance);
  for (std::size_t i = 0; i < n; ++i) {
    double along = 0;
    for (std::size_t j = 0; j < n; ++j)
      if (weights[j] > 0) along += std::sqrt(weights[j]) * top.vector[j] * seen(i, j);
    found.components[i] = along / length * (along / length);
  }
  return found;
}

}  // namespace byzsim
