// The direction in which weighted vectors vary most, from their inner products alone: CAF lowers
// weights along it, DnC removes the vectors that lie farthest along it.
#pragma once

#include <vector>

#include "core/kernels/centred_products.h"

namespace byzsim {

/// How much weighted vectors vary where they vary most, and every vector's squared component there
/// as seen from the weighted mean; 0 for vectors not reachable.
struct Widest {
  double variance;
  std::vector<double> components;
};

/// Weights sum to 1 and are 0 for vectors that are not reachable.
Widest widest(const SymmetricMatrix& products, const std::vector<double>& weights);

}  // namespace byzsim
