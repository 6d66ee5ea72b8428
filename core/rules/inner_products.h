// Inner products and cosines of vectors as seen from zero, for rules that compare directions.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/kernels/symmetric_matrix.h"
#include "core/machine/parallel.h"

namespace byzsim {

/// All inner products of n vectors, summed in double in eight lanes, shard by shard: a relative
/// error of some 1e-15 times the product of the lengths. The diagonal entry of a vector with a
/// non-finite coordinate, or whose square overflows, is not finite.
template <class Real>
SymmetricMatrix inner_products(std::span<const Real* const> vectors, std::size_t dimension,
                               const Executor& executor);

/// The length of vector i; not finite where it has none.
double length_of(const SymmetricMatrix& products, std::size_t i);

/// The cosine of the angle between i and j, in [-1, 1]; 0 where either is zero. Both have finite
/// lengths.
double cosine_between(const SymmetricMatrix& products, std::size_t i, std::size_t j);

/// The indices of the vectors with finite lengths, ascending.
std::vector<std::size_t> with_finite_length(const SymmetricMatrix& products);

/// out = the sum over i of factors[i] * (vectors[i] / lengths[i]), in double and in their order:
/// vectors of given lengths along others. A vector of factor 0 is not looked at; lengths of others
/// are positive and finite.
template <class Real>
void sum_of_directions(std::span<const Real* const> vectors, std::span<const double> lengths,
                       std::span<const double> factors, std::size_t dimension,
                       const Executor& executor, Real* out);

}  // namespace byzsim
