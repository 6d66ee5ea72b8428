// Squared Euclidean distances between all pairs of n vectors.
#pragma once

#include <cstddef>
#include <span>

#include "core/kernels/symmetric_matrix.h"
#include "core/machine/parallel.h"

namespace byzsim {

/// Squared distances, with a zero diagonal.
using DistanceMatrix = SymmetricMatrix;

/// All pairwise squared distances, by differences (never by a Gram matrix, which loses the digits
/// of near vectors), with a relative error of about 1e-8 for floats. Floats are squared in float
/// and summed in double but for runs of 128 (distance_tiles.h); pairs whose squares leave the range
/// of float are computed in double. Bits depend on the two vectors alone. A distance to a vector
/// with a non-finite coordinate is +infinity, also from itself to another copy of itself; never
/// NaN. A null pointer as the last vector stands for the zero vector, which costs half as much.
template <class Real>
DistanceMatrix squared_distances(std::span<const Real* const> vectors, std::size_t dimension,
                                 const Executor& executor);

/// Replaces the entries of `known` that are NaN by the distances of these pairs, which have the
/// bits of squared_distances(). Pairs are computed once where receivers heard much the same
/// vectors.
void complete_distances(std::span<const float* const> vectors, std::size_t dimension,
                        const Executor& executor, DistanceMatrix& known);

}  // namespace byzsim
