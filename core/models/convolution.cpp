// Convolutions as products with panels of weights. Images are copied into a frame of zeros once, so
// that the inner loops know no edges.

#include "core/models/convolution.h"

#include <algorithm>

#include "core/models/sparse_product.h"
#include "core/models/tile_product.h"

namespace byzsim {
namespace {

/// An image with zeros around it, so that every result sees a whole kernel.
struct Padding {
  ImageShape image;
  ImageShape results;          ///< a kernel begins at each of its pixels
  std::size_t above, left;     ///< zeros before the image
  std::size_t height, stride;  ///< rows in all; values from one row to the next

  Padding(const ImageShape& from, const ImageShape& to, const ConvolutionLayer& layer,
          std::size_t zeros_above, std::size_t zeros_left)
      : image(from),
        results(to),
        above(zeros_above),
        left(zeros_left),
        height(to.height + layer.height - 1),
        stride((to.width + layer.width - 1) * from.channels) {}

  std::size_t pixels() const { return pixels_of(results); }
  /// Where the kernel of a result begins.
  std::size_t start(std::size_t pixel) const {
    return pixel / results.width * stride + pixel % results.width * image.channels;
  }
};

Padding padding_of(const ConvolutionLayer& layer) {
  if (!layer.padded) return {layer.input, layer.output(), layer, 0, 0};
  return {layer.input, layer.output(), layer, (layer.height - 1) / 2, (layer.width - 1) / 2};
}

/// Of the way back, whose kernel is turned round.
Padding padding_back(const ConvolutionLayer& layer) {
  if (!layer.padded) return {layer.output(), layer.input, layer, layer.height - 1, layer.width - 1};
  return {layer.output(), layer.input, layer, layer.height / 2, layer.width / 2};
}

/// Overwrites the image, and leaves the zeros around it.
template <class Real>
void place(const Padding& padding, const Real* image, Real* padded) {
  const std::size_t length = padding.image.width * padding.image.channels;
  padded += padding.above * padding.stride + padding.left * padding.image.channels;
  for (std::size_t y = 0; y < padding.image.height; ++y)
    std::copy_n(image + y * length, length, padded + y * padding.stride);
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
    const Real* const rows = padded + y * padding.stride;
    for (std::size_t column = 0; column < stride; column += kPanel<Real>) {
      const Real* const panel = panels + column * depth + y * length * kPanel<Real>;
      const Rows<Real> to{sums + column, stride};
      add_panel_product<Real>(
          rows, [&](std::size_t pixel) { return padding.start(pixel); }, padding.pixels(), runs,
          {panel, kPanel<Real>}, kPanel<Real>, {to.values, to.stride}, to);
    }
  }
}

/// The weights of the way back: the kernel turned round, a row of `stride` input channels for each
/// output channel of each pixel.
template <class Real>
void turn_round(const ConvolutionLayer& layer, const Real* weights, std::size_t stride,
                Real* flipped) {
  const std::size_t taps = layer.height * layer.width, inputs = layer.input.channels;
  for (std::size_t tap = 0; tap < taps; ++tap)
    for (std::size_t out = 0; out < layer.channels; ++out, flipped += stride)
      for (std::size_t in = 0; in < inputs; ++in)
        flipped[in] = weights[((taps - 1 - tap) * inputs + in) * layer.channels + out];
}

/// The derivatives of one output image that are not 0, channel by channel; a term's row is where
/// its kernel begins in the padded input.
template <class Real>
void list_by_channel(const Padding& padding, const Real* derivatives, std::size_t channels,
                     ConvolutionScratch<Real>& scratch) {
  const std::size_t pixels = padding.pixels();
  // One more: list_terms writes before it knows whether the value counts.
  scratch.terms.resize(channels * pixels + 1);
  scratch.ends.resize(channels);
  // Every channel has room for all pixels, so that the lists need not be counted first.
  for (std::size_t j = 0; j < channels; ++j) scratch.ends[j] = j * pixels;
  for (std::size_t pixel = 0; pixel < pixels; ++pixel)
    for (std::size_t j = 0; j < channels; ++j, ++derivatives) {
      Term<Real>* const end = scratch.terms.data() + scratch.ends[j];
      scratch.ends[j] += list_terms<Real>({derivatives, 1}, padding.start(pixel), end) - end;
    }
}

/// The derivatives of one output image that are not 0, pixel by pixel of the padded image; a term's
/// row counts the padded image's values.
template <class Real>
void list_by_pixel(const Padding& padding, const Real* derivatives,
                   ConvolutionScratch<Real>& scratch) {
  const std::size_t channels = padding.image.channels;
  place(padding, derivatives, scratch.padded.data());
  scratch.terms.resize(scratch.padded.size() + 1);
  scratch.ends.assign(1, 0);
  Term<Real>* end = scratch.terms.data();
  for (std::size_t first = 0; first < scratch.padded.size(); first += channels) {
    end = list_terms<Real>({scratch.padded.data() + first, channels}, first, end);
    scratch.ends.push_back(static_cast<std::size_t>(end - scratch.terms.data()));
  }
}

/// Adds to the sums of every pixel, a row of `stride` each, what the listed derivatives under the
/// turned kernel's row y give, as many of its pixels at a time as their weights stay in the cache.
template <class Real>
void add_kernel_row(const Padding& padding, const ConvolutionLayer& layer, std::size_t y,
                    std::size_t stride, ConvolutionScratch<Real>& scratch) {
  const std::size_t channels = layer.channels, width = padding.stride / channels;
  const std::size_t at_once =
      std::max<std::size_t>(1, kPanelBytes / (channels * stride * sizeof(Real)));
  for (std::size_t x = 0; x < layer.width; x += at_once) {
    const std::size_t count = std::min(at_once, layer.width - x);
    const Real* const weights = scratch.flipped.data() + (y * layer.width + x) * channels * stride;
    for (std::size_t pixel = 0; pixel < padding.pixels(); ++pixel) {
      const std::size_t first =
          (pixel / padding.results.width + y) * width + pixel % padding.results.width + x;
      const Term<Real>* const terms = scratch.terms.data();
      add_scaled_rows<Real>({terms + scratch.ends[first], terms + scratch.ends[first + count]},
                            {weights, first * channels, stride}, layer.input.channels,
                            scratch.sums.data() + pixel * stride);
    }
  }
}

}  // namespace

template <class Real>
void convolution_forward(const ConvolutionLayer& layer, const Real* parameters, const Real* input,
                         std::size_t rows, Real* output, ConvolutionScratch<Real>& scratch) {
  const Padding padding = padding_of(layer);
  const std::size_t channels = layer.channels, stride = whole(channels, kPanel<Real>);
  const std::size_t pixels = padding.pixels();
  scratch.panels.resize(layer.fan_in() * stride);
  pack_panels<Real>({parameters, channels}, layer.fan_in(), channels, scratch.panels.data());
  scratch.padded.assign(padding.height * padding.stride, Real{0});
  scratch.sums.assign(pixels * stride, Real{0});
  const Real* const biases = parameters + layer.weights();
  for (std::size_t row = 0; row < rows; ++row) {
    place(padding, input + row * size_of(layer.input), scratch.padded.data());
    for (std::size_t i = 0; i < scratch.sums.size(); i += stride)
      // The chain of an output begins with its bias.
      std::copy_n(biases, channels, &scratch.sums[i]);
    correlate(padding, layer.height, layer.width, scratch.padded.data(), scratch.panels.data(),
              scratch.sums.data(), stride);
    for (std::size_t pixel = 0; pixel < pixels; ++pixel, output += channels)
      std::copy_n(&scratch.sums[pixel * stride], channels, output);
  }
}

template <class Real>
void convolution_gradient(const ConvolutionLayer& layer, const Real* input,
                          const Real* output_gradient, std::size_t rows, Real* gradient,
                          ConvolutionScratch<Real>& scratch) {
  const Padding padding = padding_of(layer);
  const std::size_t channels = layer.channels, pixels = padding.pixels();
  const std::size_t length = layer.width * layer.input.channels;
  const std::size_t stride = whole(length, lanes::kCount<Real>);
  Real* const bias_gradient = gradient + layer.weights();
  std::fill_n(bias_gradient, channels, Real{0});
  // The last row of a kernel may be read a register beyond its end.
  scratch.padded.assign(padding.height * padding.stride + lanes::kCount<Real>, Real{0});
  scratch.sums.assign(channels * layer.height * stride, Real{0});
  for (std::size_t row = 0; row < rows; ++row) {
    const Real* const derivatives = output_gradient + row * size_of(layer.output());
    place(padding, input + row * size_of(layer.input), scratch.padded.data());
    list_by_channel(padding, derivatives, channels, scratch);
    for (std::size_t j = 0; j < channels; ++j)
      for (std::size_t y = 0; y < layer.height; ++y)
        add_scaled_rows<Real>({&scratch.terms[j * pixels], scratch.terms.data() + scratch.ends[j]},
                              {scratch.padded.data() + y * padding.stride, 0, 1}, length,
                              &scratch.sums[(j * layer.height + y) * stride]);
    for (std::size_t pixel = 0; pixel < pixels; ++pixel)
      for (std::size_t j = 0; j < channels; ++j)
        bias_gradient[j] += derivatives[pixel * channels + j];
  }
  for (std::size_t y = 0; y < layer.height; ++y)
    for (std::size_t i = 0; i < length; ++i)
      for (std::size_t j = 0; j < channels; ++j)
        *gradient++ = scratch.sums[(j * layer.height + y) * stride + i];
}

template <class Real>
void convolution_input_gradient(const ConvolutionLayer& layer, const Real* parameters,
                                const Real* output_gradient, std::size_t rows, Real* input_gradient,
                                ConvolutionScratch<Real>& scratch) {
  const Padding padding = padding_back(layer);
  const std::size_t inputs = layer.input.channels, stride = whole(inputs, lanes::kCount<Real>);
  const std::size_t pixels = padding.pixels();
  scratch.flipped.assign(layer.fan_out() * stride, Real{0});
  turn_round(layer, parameters, stride, scratch.flipped.data());
  scratch.padded.assign(padding.height * padding.stride, Real{0});
  for (std::size_t row = 0; row < rows; ++row) {
    list_by_pixel(padding, output_gradient + row * size_of(layer.output()), scratch);
    scratch.sums.assign(pixels * stride, Real{0});
    for (std::size_t y = 0; y < layer.height; ++y)
      add_kernel_row(padding, layer, y, stride, scratch);
    for (std::size_t pixel = 0; pixel < pixels; ++pixel, input_gradient += inputs)
      std::copy_n(&scratch.sums[pixel * stride], inputs, input_gradient);
  }
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
