// Eigen's answers to what byzsim computes by definitions of its own.
#include <Eigen/Dense>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "core/exact/random.h"
#include "core/kernels/symmetric_eigen.h"
#include "core/models/dense.h"
#include "tests/catch.h"

namespace byzsim::eigen_oracle_test {
namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }

SymmetricMatrix random_symmetric(std::size_t n, std::uint64_t counter) {
  Stream stream(23, Purpose::dataset, 1, counter);
  SymmetricMatrix matrix(n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) matrix.set(i, j, stream.normal());
  return matrix;
}

Matrix random_matrix(std::size_t rows, std::size_t columns, std::uint64_t counter) {
  Stream stream(23, Purpose::dataset, 2, counter);
  Matrix matrix(index(rows), index(columns));
  for (double* value = matrix.data(); value != matrix.data() + matrix.size(); ++value)
    *value = stream.normal();
  return matrix;
}

/// Whether each entry differs by no more than rounding: each of `depth` products of numbers below
/// 6 is rounded once in either order.
bool equal_but_for_rounding(const Matrix& a, const Matrix& b, std::size_t depth) {
  const double bound = 36.0 * double(depth * depth) * std::numeric_limits<double>::epsilon();
  return (a - b).cwiseAbs().maxCoeff() <= bound;
}

}  // namespace

TEST_CASE("the largest eigenvalue and its eigenvector are Eigen's") {
  for (const std::size_t n : {1u, 2u, 3u, 7u, 25u, 60u}) {
    const SymmetricMatrix matrix = random_symmetric(n, n);
    Matrix copy(index(n), index(n));
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) copy(index(i), index(j)) = matrix(i, j);
    const Eigen::SelfAdjointEigenSolver<Matrix> solver(copy);
    const Eigenpair largest = largest_eigenpair(matrix);
    CAPTURE(n);
    CHECK(largest.value == Approx(solver.eigenvalues()(index(n) - 1)).epsilon(1e-12).margin(1e-12));
    const Eigen::Map<const Eigen::VectorXd> vector(largest.vector.data(), index(n));
    CHECK(std::fabs(vector.dot(solver.eigenvectors().col(index(n) - 1))) == Approx(1.0));
  }
}

TEST_CASE("the three products of a dense layer are Eigen's but for rounding") {
  for (const auto& [rows, inputs, outputs] :
       std::vector<std::array<std::size_t, 3>>{{1, 1, 1}, {5, 7, 3}, {32, 784, 30}, {3, 40, 100}}) {
    const DenseLayer layer{inputs, outputs};
    const Matrix weights = random_matrix(outputs, inputs, 1),
                 input = random_matrix(rows, inputs, 2);
    const Matrix derivative = random_matrix(rows, outputs, 3);
    std::vector<double> parameters(weights.data(), weights.data() + weights.size());
    parameters.resize(layer.parameters(), 0.5);  // the biases
    Matrix output(index(rows), index(outputs)), back(index(rows), index(inputs));
    std::vector<double> gradient(layer.parameters());
    dense_forward(layer, parameters.data(), input.data(), rows, output.data());
    dense_gradient(layer, input.data(), derivative.data(), rows, gradient.data());
    dense_input_gradient(layer, parameters.data(), derivative.data(), rows, back.data());
    CAPTURE(rows, inputs, outputs);
    const Matrix biased = (input * weights.transpose()).array() + 0.5;
    CHECK(equal_but_for_rounding(output, biased, inputs));
    const Eigen::Map<const Matrix> by_weights(gradient.data(), index(outputs), index(inputs));
    CHECK(equal_but_for_rounding(by_weights, derivative.transpose() * input, rows));
    CHECK(equal_but_for_rounding(back, derivative * weights, outputs));
  }
}

}  // namespace byzsim::eigen_oracle_test
