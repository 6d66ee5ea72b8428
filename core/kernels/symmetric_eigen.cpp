// Cyclic Jacobi in a fixed order of rotations. Entries are scaled first, so that the bound for what
// counts as zero needs no unit.

#include "core/kernels/symmetric_eigen.h"

#include <algorithm>
#include <cmath>

#include "core/check.h"

namespace byzsim {
namespace {

// Convergence is quadratic: a dozen sweeps suffice for any size we meet.
constexpr int kMostSweeps = 60;

double largest_entry(const SymmetricMatrix& matrix) {
  double largest = 0;
  for (std::size_t i = 0; i < matrix.n(); ++i)
    for (std::size_t j = i; j < matrix.n(); ++j)
      largest = std::max(largest, std::fabs(matrix(i, j)));
  return largest;
}

void scale(SymmetricMatrix& matrix, double divisor) {
  for (std::size_t i = 0; i < matrix.n(); ++i)
    for (std::size_t j = i; j < matrix.n(); ++j) matrix.set(i, j, matrix(i, j) / divisor);
}

// Turns the plane of axes p and q so that entry (p, q) becomes 0; `turned` collects the turns, one
// row an axis.
void rotate(SymmetricMatrix& matrix, std::vector<double>& turned, std::size_t p, std::size_t q) {
  const std::size_t n = matrix.n();
  const double off = matrix(p, q);
  const double theta = (matrix(q, q) - matrix(p, p)) / (2 * off);
  const double magnitude = std::fabs(theta);
  // Beyond 1e150 the square would overflow, and 1 is nothing beside it.
  const double root = magnitude > 1e150 ? magnitude : std::sqrt(magnitude * magnitude + 1);
  // The smaller of the two rotations that do it, which keeps the iteration stable.
  const double tangent = (theta < 0 ? -1 : 1) / (magnitude + root);
  const double cosine = 1 / std::sqrt(tangent * tangent + 1), sine = tangent * cosine;
  const double pp = matrix(p, p) - tangent * off, qq = matrix(q, q) + tangent * off;
  for (std::size_t k = 0; k < n; ++k) {
    if (k == p || k == q) continue;
    const double kp = matrix(k, p), kq = matrix(k, q);
    matrix.set(k, p, cosine * kp - sine * kq);
    matrix.set(k, q, sine * kp + cosine * kq);
  }
  matrix.set(p, p, pp);
  matrix.set(q, q, qq);
  // Exactly: what the formulas would leave is rounding.
  matrix.set(p, q, 0);
  for (std::size_t k = 0; k < n; ++k) {
    const double kp = turned[p * n + k], kq = turned[q * n + k];
    turned[p * n + k] = cosine * kp - sine * kq;
    turned[q * n + k] = sine * kp + cosine * kq;
  }
}

// Whether the sweep found anything to turn. Entries are at most 1 at first.
bool sweep(SymmetricMatrix& matrix, std::vector<double>& turned) {
  constexpr double kNothing = 1e-17;
  bool changed = false;
  for (std::size_t p = 0; p + 1 < matrix.n(); ++p)
    for (std::size_t q = p + 1; q < matrix.n(); ++q) {
      if (std::fabs(matrix(p, q)) <= kNothing) continue;
      rotate(matrix, turned, p, q);
      changed = true;
    }
  return changed;
}

}  // namespace

Eigenpair largest_eigenpair(SymmetricMatrix matrix) {
  const std::size_t n = matrix.n();
  BYZ_CHECK(n >= 1, "an empty matrix has no eigenvalue");
  std::vector<double> turned(n * n, 0.0);
  for (std::size_t i = 0; i < n; ++i) turned[i * n + i] = 1;
  const double unit = largest_entry(matrix);
  // A matrix of zeros has no scale, and every vector is an eigenvector.
  if (unit > 0) {
    scale(matrix, unit);
    for (int count = 0; count < kMostSweeps && sweep(matrix, turned); ++count) {
    }
  }
  std::size_t largest = 0;
  for (std::size_t i = 1; i < n; ++i)
    // Of equal eigenvalues the first.
    if (matrix(i, i) > matrix(largest, largest)) largest = i;
  const auto row = turned.begin() + static_cast<std::ptrdiff_t>(largest * n);
  return {unit * matrix(largest, largest), {row, row + static_cast<std::ptrdiff_t>(n)}};
}

}  // namespace byzsim
