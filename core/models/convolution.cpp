#include "core/models/convolution.h"

#include <algorithm>

#include "core/models/tile_product.h"

namespace byzsim {
namespace {

/// Bytes of a panel that stay in the first-level cache beside the image's rows.
constexpr std::size_t kPanelBytes = 20480;

/// An image with zeros around it, so that every output sees a whole kernel.
struct Padding {
  ImageShape image;
  std::size_t above, left;     ///< zeros before the image
  std::size_t height, stride;  ///< rows in all; values from one row to the next

  Padding(const ImageShape& shape, std::size_t kernel_height, std::size_t kernel_width,
          std::size_t zeros_above, std::size_t zeros_left)
      : image(shape),
        above(zeros_above),
        left(zeros_left),
        height(shape.height + kernel_height - 1),
        stride((shape.width + kernel_width - 1) * shape.channels) {}

  /// Where the kernel of an output pixel begins.
  std::size_t start(std::size_t pixel) const {
    return pixel / image.width * stride + pixel % image.width * image.channels;
  }
};

Padding padding_of(const ConvolutionLayer& layer) {
  return {layer.input, layer.height, layer.width, (layer.height - 1) / 2, (layer.width - 1) / 2};
}

/// Of the way back, whose kernel is turned round.
Padding padding_back(const ConvolutionLayer& layer) {
  return {layer.output(), layer.height, layer.width, layer.height / 2, layer.width / 2};
}

/// Overwrites the image, and leaves the zeros around it.
template <class Real>
void place(const Padding& padding, const Real* image, Real* padded) {
  const std::size_t length = padding.image.width * padding.image.channels;
  padded += padding.above * padding.stride + padding.left * padding.image.channels;
  for (std::size_t y = 0; y < padding.image.height; ++y)
    std::copy_n(image + y * length, length, padded + y * padding.stride);
}

/// Adds to sums[i] (i < count, a row every `stride`) the products of the row that begins at
/// `values + start(i)` with each of the panels, which hold all `depth` of them.
template <class Real, class Start>
void add_products(const Real* values, const Start& start, std::size_t count, const Runs& runs,
                  std::size_t depth, const Real* panels, Real* sums, std::size_t stride) {
  for (std::size_t column = 0; column < stride; column += kPanel<Real>) {
    const Real* panel = panels + column * depth;
    for (std::size_t i = 0; i < count; i += kTileRows) {
      const Real* rows[kTileRows];
      for (std::size_t r = 0; r < kTileRows; ++r)
        rows[r] = values + start(std::min(i + r, count - 1));
      add_tile_product(rows, runs, panel, sums + i * stride + column, stride);
    }
  }
}

/// Adds the kernel's products at every pixel of a padded image, as many kernel rows at a time as
/// their part of a panel stays in the cache.
template <class Real>
void correlate(const Padding& padding, std::size_t kernel_height, std::size_t kernel_width,
               const Real* padded, const Real* panels, Real* sums, std::size_t stride) {
  const std::size_t length = kernel_width * padding.image.channels;
  const std::size_t depth = kernel_height * length;
  const std::size_t at_once =
      std::max<std::size_t>(1, kPanelBytes / (length * kPanel<Real> * sizeof(Real)));
  for (std::size_t y = 0; y < kernel_height; y += at_once) {
    const Runs runs{std::min(at_once, kernel_height - y), padding.stride, length, 1};
    add_products(
        padded + y * padding.stride, [&](std::size_t pixel) { return padding.start(pixel); },
        pixels_of(padding.image), runs, depth, panels + y * length * kPanel<Real>, sums, stride);
  }
}

/// What is common to both ways: the result for one image after another, each beginning at `initial`
/// (as many values as the result has channels; null for zeros).
template <class Real>
void correlate_all(const Padding& padding, const ConvolutionLayer& layer, std::size_t channels,
                   const Real* weights, const Real* initial, const Real* images, std::size_t rows,
                   Real* results, ConvolutionScratch<Real>& scratch) {
  const std::size_t pixels = pixels_of(padding.image), stride = whole(channels, kPanel<Real>);
  const std::size_t depth = layer.height * layer.width * padding.image.channels;
  scratch.panels.resize(depth * stride);
  pack_panels(weights, depth, channels, channels, scratch.panels.data());
  scratch.padded.assign(padding.height * padding.stride, Real{0});
  scratch.sums.resize(whole(pixels, kTileRows) * stride);
  std::vector<Real> first(stride, Real{0});
  if (initial != nullptr) std::copy_n(initial, channels, first.begin());
  for (std::size_t row = 0; row < rows; ++row) {
    place(padding, images + row * size_of(padding.image), scratch.padded.data());
    for (std::size_t i = 0; i < scratch.sums.size(); i += stride)
      std::copy(first.begin(), first.end(), &scratch.sums[i]);
    correlate(padding, layer.height, layer.width, scratch.padded.data(), scratch.panels.data(),
              scratch.sums.data(), stride);
    for (std::size_t pixel = 0; pixel < pixels; ++pixel, results += channels)
      std::copy_n(&scratch.sums[pixel * stride], channels, results);
  }
}

/// The weights of the way back: the kernel turned round, output channels before input channels.
template <class Real>
void turn_round(const ConvolutionLayer& layer, const Real* weights, Real* flipped) {
  const std::size_t taps = layer.height * layer.width, inputs = layer.input.channels;
  for (std::size_t tap = 0; tap < taps; ++tap)
    for (std::size_t out = 0; out < layer.channels; ++out)
      for (std::size_t in = 0; in < inputs; ++in)
        *flipped++ = weights[((taps - 1 - tap) * inputs + in) * layer.channels + out];
}

}  // namespace

template <class Real>
void convolution_forward(const ConvolutionLayer& layer, const Real* parameters, const Real* input,
                         std::size_t rows, Real* output, ConvolutionScratch<Real>& scratch) {
  correlate_all(padding_of(layer), layer, layer.channels, parameters, parameters + layer.weights(),
                input, rows, output, scratch);
}

template <class Real>
void convolution_gradient(const ConvolutionLayer& layer, const Real* input,
                          const Real* output_gradient, std::size_t rows, Real* gradient,
                          ConvolutionScratch<Real>& scratch) {
  const Padding padding = padding_of(layer);
  const std::size_t channels = layer.channels, stride = whole(channels, kPanel<Real>);
  const std::size_t pixels = pixels_of(layer.input), length = layer.width * layer.input.channels;
  const auto start = [&](std::size_t i) { return i / length * padding.stride + i % length; };
  const Runs runs{layer.input.height, padding.stride, layer.input.width, layer.input.channels};
  Real* bias_gradient = gradient + layer.weights();
  std::fill_n(bias_gradient, channels, Real{0});
  scratch.padded.assign(padding.height * padding.stride, Real{0});
  scratch.panels.resize(pixels * stride);
  scratch.sums.assign(whole(layer.fan_in(), kTileRows) * stride, Real{0});
  for (std::size_t row = 0; row < rows; ++row) {
    const Real* derivatives = output_gradient + row * size_of(layer.output());
    place(padding, input + row * size_of(layer.input), scratch.padded.data());
    pack_panels(derivatives, pixels, channels, channels, scratch.panels.data());
    add_products(scratch.padded.data(), start, layer.fan_in(), runs, pixels, scratch.panels.data(),
                 scratch.sums.data(), stride);
    for (std::size_t pixel = 0; pixel < pixels; ++pixel)
      for (std::size_t j = 0; j < channels; ++j)
        bias_gradient[j] += derivatives[pixel * channels + j];
  }
  for (std::size_t i = 0; i < layer.fan_in(); ++i)
    std::copy_n(&scratch.sums[i * stride], channels, gradient + i * channels);
}

template <class Real>
void convolution_input_gradient(const ConvolutionLayer& layer, const Real* parameters,
                                const Real* output_gradient, std::size_t rows, Real* input_gradient,
                                ConvolutionScratch<Real>& scratch) {
  scratch.flipped.resize(layer.weights());
  turn_round(layer, parameters, scratch.flipped.data());
  correlate_all<Real>(padding_back(layer), layer, layer.input.channels, scratch.flipped.data(),
                      nullptr, output_gradient, rows, input_gradient, scratch);
}

#define INSTANTIATE(Real)                                                                     \
  template void convolution_forward(const ConvolutionLayer&, const Real*, const Real*,        \
                                    std::size_t, Real*, ConvolutionScratch<Real>&);           \
  template void convolution_gradient(const ConvolutionLayer&, const Real*, const Real*,       \
                                     std::size_t, Real*, ConvolutionScratch<Real>&);          \
  template void convolution_input_gradient(const ConvolutionLayer&, const Real*, const Real*, \
                                           std::size_t, Real*, ConvolutionScratch<Real>&);
INSTANTIATE(float)
INSTANTIATE(double)
#undef INSTANTIATE

}  // namespace byzsim
