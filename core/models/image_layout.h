// How images lie inside a network: pixel by pixel, row by row, the channels of a pixel next to each
// other. Data sets hold them plane by plane (ImageShape in dataset.h).
#pragma once

#include <cstddef>

#include "core/datasets/dataset.h"

namespace byzsim {

/// Pixels of one plane, and values of a whole image.
inline std::size_t pixels_of(const ImageShape& shape) { return shape.height * shape.width; }
inline std::size_t size_of(const ImageShape& shape) { return shape.channels * pixels_of(shape); }

/// Writes `rows` images pixel by pixel, given plane by plane.
template <class Real>
void gather_channels(const ImageShape& shape, const Real* planes, std::size_t rows, Real* images) {
  const std::size_t pixels = pixels_of(shape);
  for (std::size_t row = 0; row < rows; ++row, planes += size_of(shape), images += size_of(shape))
    for (std::size_t channel = 0; channel < shape.channels; ++channel)
      for (std::size_t pixel = 0; pixel < pixels; ++pixel)
        images[pixel * shape.channels + channel] = planes[channel * pixels + pixel];
}

}  // namespace byzsim
