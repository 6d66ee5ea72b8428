// Distances of n vectors from a weighted mean of them, with all the digits that the vectors have.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/kernels/centred_products.h"
#include "core/machine/parallel.h"

namespace byzsim {

/// Vectors, perhaps with the zero vector (a null pointer) after them, and what is known of them.
template <class Real>
struct CentredVectors {
  std::span<const Real* const> vectors;
  std::size_t dimension;
  const Executor& executor;
  CentredProducts known;
};

/// A null pointer as the last vector stands for the zero vector. The vectors must outlive the
/// result.
template <class Real>
CentredVectors<Real> centred_vectors(std::span<const Real* const> vectors, std::size_t dimension,
                                     const Executor& executor);

/// Squared distances from the weighted mean to the first `count` vectors; +infinity to those not
/// reachable. Weights sum to 1 and are 0 for vectors not reachable. They follow from the products
/// where these leave a relative error below 1e-6 for floats or 1e-10 for doubles. Where one of them
/// cancels, because the mean is near a vector and others are far away, all are measured: one pass
/// over the coordinates, in double, as seen from the vector nearest to the mean.
template <class Real>
std::vector<double> squared_distances_from(const CentredVectors<Real>& points,
                                           std::span<const double> weights, std::size_t count);

}  // namespace byzsim
