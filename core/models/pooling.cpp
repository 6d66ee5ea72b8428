#include "core/models/pooling.h"

#include <algorithm>

namespace byzsim {
namespace {

/// Replaces the largest values so far by those of one more pixel where these are larger or NaN.
template <class Real>
void take_larger(const Real* __restrict values, std::uint32_t pixel, std::size_t channels,
                 Real* __restrict largest, std::uint32_t* __restrict taken) {
  for (std::size_t c = 0; c < channels; ++c) {
    // Not ||: without a branch the loop runs on registers of channels.
    const bool takes = (values[c] > largest[c]) | (values[c] != values[c]);
    largest[c] = takes ? values[c] : largest[c];
    taken[c] = takes ? pixel : taken[c];
  }
}

template <class Real>
void pool_window(const PoolLayer& layer, const Real* image, std::size_t top, std::size_t left,
                 Real* largest, std::uint32_t* taken) {
  const std::size_t channels = layer.input.channels, width = layer.input.width;
  const std::size_t first = top * width + left;
  // The first pixel is the largest until a larger one comes: of equal ones it counts.
  std::copy_n(image + first * channels, channels, largest);
  std::fill_n(taken, channels, static_cast<std::uint32_t>(first));
  for (std::size_t y = top; y < std::min(top + layer.window, layer.input.height); ++y)
    for (std::size_t x = left; x < std::min(left + layer.window, width); ++x)
      if (const std::size_t pixel = y * width + x; pixel != first)
        take_larger(image + pixel * channels, static_cast<std::uint32_t>(pixel), channels, largest,
                    taken);
}

}  // namespace

template <class Real>
void pool_forward(const PoolLayer& layer, const Real* input, std::size_t rows, Real* output,
                  std::uint32_t* taken) {
  const ImageShape shape = layer.output();
  for (std::size_t row = 0; row < rows; ++row, input += size_of(layer.input))
    for (std::size_t y = 0; y < shape.height; ++y)
      for (std::size_t x = 0; x < shape.width; ++x) {
        pool_window(layer, input, y * layer.stride, x * layer.stride, output, taken);
        output += shape.channels;
        taken += shape.channels;
      }
}

template <class Real>
void pool_input_gradient(const PoolLayer& layer, const Real* output_gradient,
                         const std::uint32_t* taken, std::size_t rows, Real* input_gradient) {
  const std::size_t channels = layer.input.channels, pixels = pixels_of(layer.output());
  std::fill_n(input_gradient, rows * size_of(layer.input), Real{0});
  for (std::size_t row = 0; row < rows; ++row, input_gradient += size_of(layer.input))
    for (std::size_t pixel = 0; pixel < pixels; ++pixel)
      for (std::size_t c = 0; c < channels; ++c)
        // Added, as windows overlap where the stride is smaller.
        input_gradient[*taken++ * channels + c] += *output_gradient++;
}

template void pool_forward(const PoolLayer&, const float*, std::size_t, float*, std::uint32_t*);
template void pool_forward(const PoolLayer&, const double*, std::size_t, double*, std::uint32_t*);
template void pool_input_gradient(const PoolLayer&, const float*, const std::uint32_t*, std::size_t,
                                  float*);
template void pool_input_gradient(const PoolLayer&, const double*, const std::uint32_t*,
                                  std::size_t, double*);

}  // namespace byzsim
