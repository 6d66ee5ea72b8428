// A small symmetric matrix: of distances or inner products of n vectors.
#pragma once

#include <cstddef>
#include <vector>

namespace byzsim {

/// n x n entries, zero at first.
class SymmetricMatrix {
 public:
  explicit SymmetricMatrix(std::size_t n) : n_(n), values_(n * n, 0.0) {}
  std::size_t n() const { return n_; }
  /// The entry of a row and a column below n(); no range is checked.
  double operator()(std::size_t i, std::size_t j) const { return values_[i * n_ + j]; }
  /// Sets both entries (i, j) and (j, i).
  void set(std::size_t i, std::size_t j, double value) {
    values_[i * n_ + j] = values_[j * n_ + i] = value;
  }

 private:
  std::size_t n_;
  // Both halves are kept: a row is then a piece of memory.
  std::vector<double> values_;
};

}  // namespace byzsim
