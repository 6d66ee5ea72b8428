// Squared Euclidean distances between all pairs of n vectors.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/parallel.h"

namespace byzsim {

/// A symmetric n x n matrix of squared distances with a zero diagonal.
class DistanceMatrix {
 public:
  explicit DistanceMatrix(std::size_t n) : n_(n), values_(n * n, 0.0) {}
  std::size_t n() const { return n_; }
  double operator()(std::size_t i, std::size_t j) const { return values_[i * n_ + j]; }
  void set(std::size_t i, std::size_t j, double value) {
    values_[i * n_ + j] = values_[j * n_ + i] = value;
  }

 private:
  std::size_t n_;
  std::vector<double> values_;
};

/// All pairwise squared distances, by differences (never by a Gram matrix, which loses the digits
/// of near vectors), with a relative error of about 1e-8 for floats. Floats are squared in float
/// and summed in double but for runs of 128 (distance_tiles.h); pairs whose squares leave the range
/// of float are computed in double. Bits depend on the two vectors alone. A distance to a vector
/// with a non-finite coordinate is +infinity, also from itself to another copy of itself; never
/// NaN.
template <class Real>
DistanceMatrix squared_distances(std::span<const Real* const> vectors, std::size_t dimension,
                                 const Executor& executor);

}  // namespace byzsim
