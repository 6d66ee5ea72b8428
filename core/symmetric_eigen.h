// The largest eigenvalue of a small symmetric matrix, by cyclic Jacobi rotations in a fixed order:
// additions, products, quotients and square roots only, so its bits are the same for every
// compiler.
#pragma once

#include <cstddef>
#include <vector>

namespace byzsim {

class SymmetricMatrix {
 public:
  explicit SymmetricMatrix(std::size_t n) : n_(n), values_(n * n, 0.0) {}
  std::size_t n() const { return n_; }
  double operator()(std::size_t i, std::size_t j) const { return values_[i * n_ + j]; }
  void set(std::size_t i, std::size_t j, double value) {
    values_[i * n_ + j] = values_[j * n_ + i] = value;
  }

 private:
  std::size_t n_;
  std::vector<double> values_;
};

struct Eigenpair {
  double value;
  std::vector<double> vector;  ///< of norm 1
};

/// The largest eigenvalue and one of its eigenvectors. Entries are finite; n >= 1.
Eigenpair largest_eigenpair(SymmetricMatrix matrix);

}  // namespace byzsim
