// Fully connected layers, output = input W^T + bias, for many rows at once.
//
// A layer's parameters lie in one piece: the weights output by output (outputs x inputs,
// row-major), then the biases.
//
// Each number is one ascending chain of fused multiply-adds (tile_product.h): an output over the
// inputs, from its bias on; a weight's derivative over the rows and an input's over the outputs,
// from 0 on. A bias's derivative is the sum over the rows in order.
#pragma once

#include <cstddef>

namespace byzsim {

/// The size of a layer.
struct DenseLayer {
  std::size_t inputs;
  std::size_t outputs;
  std::size_t weights() const { return inputs * outputs; }
  std::size_t parameters() const { return weights() + outputs; }
};

/// Writes `rows` x outputs from `rows` x inputs.
template <class Real>
void dense_forward(const DenseLayer& layer, const Real* parameters, const Real* input,
                   std::size_t rows, Real* output);

/// Writes the derivatives by the layer's parameters, given those by its outputs (`rows` x outputs).
template <class Real>
void dense_gradient(const DenseLayer& layer, const Real* input, const Real* output_gradient,
                    std::size_t rows, Real* gradient);

/// Writes the derivatives by the layer's inputs (`rows` x inputs), given those by its outputs.
template <class Real>
void dense_input_gradient(const DenseLayer& layer, const Real* parameters,
                          const Real* output_gradient, std::size_t rows, Real* input_gradient);

}  // namespace byzsim
