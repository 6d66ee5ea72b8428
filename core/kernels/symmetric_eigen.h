// The largest eigenvalue of a small symmetric matrix, by cyclic Jacobi rotations in a fixed order:
// additions, products, quotients and square roots only, so its bits are the same for every
// compiler.
#pragma once

#include <vector>

#include "core/kernels/symmetric_matrix.h"

namespace byzsim {

struct Eigenpair {
  double value;
  std::vector<double> vector;  ///< of norm 1
};

/// The largest eigenvalue and one of its eigenvectors. Entries are finite; n >= 1.
Eigenpair largest_eigenpair(SymmetricMatrix matrix);

}  // namespace byzsim
