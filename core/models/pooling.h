// Max pooling: the largest value of each window, channel by channel. Windows begin at the first
// pixel and every `stride` after it, until all pixels are covered; the last may be cut by the edge.
// Of equal values the first counts, by rows; a NaN is larger than all numbers. Images lie as
// image_layout.h says.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/models/image_layout.h"

namespace byzsim {

/// The size of a layer; output() follows from it.
struct PoolLayer {
  ImageShape input;    ///< neither side below `window`
  std::size_t window;  ///< height and width
  std::size_t stride;  ///< in [1, window]
  ImageShape output() const {
    return {input.channels, windows(input.height), windows(input.width)};
  }

 private:
  std::size_t windows(std::size_t side) const { return (side - window + stride - 1) / stride + 1; }
};

/// Writes `rows` output images and the pixel that each output value was taken from.
template <class Real>
void pool_forward(const PoolLayer& layer, const Real* input, std::size_t rows, Real* output,
                  std::uint32_t* taken);

/// Writes the derivatives by the inputs, given those by the outputs.
template <class Real>
void pool_input_gradient(const PoolLayer& layer, const Real* output_gradient,
                         const std::uint32_t* taken, std::size_t rows, Real* input_gradient);

}  // namespace byzsim
