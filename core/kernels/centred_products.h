// The geometry of n vectors as an n x n matrix: inner products of their differences to a centre
// near most of them. Weighted means of the vectors, their distances to the vectors and covariances
// follow from it without another look at the coordinates, so iterations cost nothing beside this
// one pass. Distances from a mean that lies much nearer to a vector than to the centre do not:
// there mean_distances.h looks at the coordinates again.
//
// Where all vectors lie about equally far apart, their distances tell the products, seen from the
// vector amid the others. With one vector at distance 1e20 distances alone would not do: those
// between a weighted mean and the others would be differences of numbers near 1e40. Around a centre
// that few vectors cannot move, a vector's products are as large as its own size asks for; they are
// then summed over the coordinates.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "core/kernels/distances.h"
#include "core/kernels/symmetric_eigen.h"
#include "core/machine/parallel.h"

namespace byzsim {

struct CentredProducts {
  /// (i, j): the inner product of vectors i and j as seen from a centre: the vector with the least
  /// median distance to the others, or else, when one distance is more than 316 times that median,
  /// the coordinate-wise lower median. Row and column of a vector that is not `reachable` mean
  /// nothing. The error is that of squared_distances (distances.h) in the first case, that of
  /// double in the second.
  SymmetricMatrix products;
  /// The distances in the first case, where the products were taken from them.
  std::optional<DistanceMatrix> squares;
};

/// A null pointer as the last vector stands for the zero vector.
template <class Real>
CentredProducts centred_products(std::span<const Real* const> vectors, std::size_t dimension,
                                 const Executor& executor);

/// Whether the squared length of vector i is finite: false for vectors that are not finite and for
/// doubles whose squares overflow.
bool reachable(const SymmetricMatrix& products, std::size_t i);

/// A weight for every vector: equal ones for the reachable among the first n, which sum to 1, and 0
/// for the others. Empty when none of the first n is reachable.
std::vector<double> equal_weights(const SymmetricMatrix& products, std::size_t n);

/// The inner product of every reachable vector with the weighted mean, and of that with itself.
/// Weights sum to 1 and are 0 for vectors not reachable.
struct WithMean {
  std::vector<double> vectors;
  double itself = 0;
};
WithMean with_mean(const SymmetricMatrix& products, std::span<const double> weights);

/// Inner products as seen from the weighted mean of the vectors instead of the centre; 0 for
/// vectors not reachable.
SymmetricMatrix seen_from(const SymmetricMatrix& products, std::span<const double> weights);

}  // namespace byzsim
