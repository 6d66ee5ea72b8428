#include "core/models/dense.h"

#include <Eigen/Core>
#include <algorithm>

namespace byzsim {
namespace {

template <class Real>
using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class Real>
using Writable = Eigen::Map<Matrix<Real>>;
template <class Real>
using Readable = Eigen::Map<const Matrix<Real>>;

Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }

template <class Real>
Readable<Real> readable(const Real* values, std::size_t rows, std::size_t columns) {
  return {values, index(rows), index(columns)};
}

template <class Real>
Writable<Real> writable(Real* values, std::size_t rows, std::size_t columns) {
  return {values, index(rows), index(columns)};
}

/// out += left * right. Below its threshold Eigen would work coefficient by coefficient, in packets
/// from the first aligned address on, fused inside packets and not outside: bits that depend on the
/// address. So the smallest products are loops of our own.
template <class Real, class Left, class Right>
void add_product(const Left& left, const Right& right, Writable<Real> out) {
  const Eigen::Index depth = right.rows();
  if (depth + out.rows() + out.cols() >= EIGEN_GEMM_TO_COEFFBASED_THRESHOLD) {
    out.noalias() += left * right;
    return;
  }
  for (Eigen::Index i = 0; i < out.rows(); ++i)
    for (Eigen::Index j = 0; j < out.cols(); ++j)
      for (Eigen::Index k = 0; k < depth; ++k) out(i, j) += left.coeff(i, k) * right.coeff(k, j);
}

}  // namespace

template <class Real>
void dense_forward(const DenseLayer& layer, const Real* parameters, const Real* input,
                   std::size_t rows, Real* output) {
  const Real* bias = parameters + layer.weights();
  for (std::size_t row = 0; row < rows; ++row)
    std::copy_n(bias, layer.outputs, output + row * layer.outputs);
  add_product(readable(input, rows, layer.inputs),
              readable(parameters, layer.outputs, layer.inputs).transpose(),
              writable(output, rows, layer.outputs));
}

template <class Real>
void dense_gradient(const DenseLayer& layer, const Real* input, const Real* output_gradient,
                    std::size_t rows, Real* gradient) {
  std::fill_n(gradient, layer.parameters(), Real{0});
  add_product(readable(output_gradient, rows, layer.outputs).transpose(),
              readable(input, rows, layer.inputs), writable(gradient, layer.outputs, layer.inputs));
  Real* bias_gradient = gradient + layer.weights();
  for (std::size_t row = 0; row < rows; ++row)
    for (std::size_t j = 0; j < layer.outputs; ++j)
      bias_gradient[j] += output_gradient[row * layer.outputs + j];
}

template <class Real>
void dense_input_gradient(const DenseLayer& layer, const Real* parameters,
                          const Real* output_gradient, std::size_t rows, Real* input_gradient) {
  std::fill_n(input_gradient, rows * layer.inputs, Real{0});
  add_product(readable(output_gradient, rows, layer.outputs),
              readable(parameters, layer.outputs, layer.inputs),
              writable(input_gradient, rows, layer.inputs));
}

template void dense_forward(const DenseLayer&, const float*, const float*, std::size_t, float*);
template void dense_forward(const DenseLayer&, const double*, const double*, std::size_t, double*);
template void dense_gradient(const DenseLayer&, const float*, const float*, std::size_t, float*);
template void dense_gradient(const DenseLayer&, const double*, const double*, std::size_t, double*);
template void dense_input_gradient(const DenseLayer&, const float*, const float*, std::size_t,
                                   float*);
template void dense_input_gradient(const DenseLayer&, const double*, const double*, std::size_t,
                                   double*);

}  // namespace byzsim
