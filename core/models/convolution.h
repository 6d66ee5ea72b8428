// Convolutions of stride 1. The output has the size of the input, beyond whose edges lie zeros, of
// an even kernel one more behind than before; or, unpadded, a value where the whole kernel lies on
// the input. Images lie as image_layout.h says.
//
// A layer's parameters lie in one piece: the weights by kernel row, kernel column, input channel
// and output channel (fastest), then the biases.
//
// The bits of a result depend on the values and the sizes alone, never on addresses.
#pragma once

#include <cstddef>
#include <vector>

#include "core/models/image_layout.h"
#include "core/models/sparse_product.h"

namespace byzsim {

/// The size of a layer, no part of it 0.
struct ConvolutionLayer {
  ImageShape input;
  std::size_t height, width;  ///< of the kernel
  std::size_t channels;       ///< of the output
  bool padded = true;         ///< otherwise the kernel is at most as large as the input
  ImageShape output() const {
    if (padded) return {channels, input.height, input.width};
    return {channels, input.height - height + 1, input.width - width + 1};
  }
  /// Of one kernel: input values of an output value, and output values of an input value.
  std::size_t fan_in() const { return height * width * input.channels; }
  std::size_t fan_out() const { return height * width * channels; }
  std::size_t weights() const { return fan_in() * channels; }
  std::size_t parameters() const { return weights() + channels; }
};

/// Room that one call of the functions below leaves to the next; what it holds means nothing.
template <class Real>
struct ConvolutionScratch {
  std::vector<Real> padded;       ///< one image with its zeros around it
  std::vector<Real> panels;       ///< weights, panel by panel
  std::vector<Real> flipped;      ///< weights as the way back needs them
  std::vector<Real> sums;         ///< results, with whole tiles, panels or registers
  std::vector<Term<Real>> terms;  ///< derivatives that are not 0
  std::vector<std::size_t> ends;  ///< of the terms of each channel or pixel
};

/// Writes `rows` output images.
template <class Real>
void convolution_forward(const ConvolutionLayer& layer, const Real* parameters, const Real* input,
                         std::size_t rows, Real* output, ConvolutionScratch<Real>& scratch);

/// Writes the derivatives by the layer's parameters, given those by its outputs.
template <class Real>
void convolution_gradient(const ConvolutionLayer& layer, const Real* input,
                          const Real* output_gradient, std::size_t rows, Real* gradient,
                          ConvolutionScratch<Real>& scratch);

/// Writes the derivatives by the layer's inputs, given those by its outputs.
template <class Real>
void convolution_input_gradient(const ConvolutionLayer& layer, const Real* parameters,
                                const Real* output_gradient, std::size_t rows, Real* input_gradient,
                                ConvolutionScratch<Real>& scratch);

}  // namespace byzsim
