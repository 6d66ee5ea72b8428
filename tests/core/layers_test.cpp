#include <cstdint>
#include <limits>
#include <vector>

#include "core/exact/random.h"
#include "core/models/convolution.h"
#include "core/models/pooling.h"
#include "tests/catch.h"
#include "tests/core/models_probes.h"

namespace byzsim::layers_test {
namespace {

using Values = std::vector<double>;

template <class Real>
std::vector<Real> random_values(std::size_t count, std::uint64_t identity) {
  Stream stream(7, Purpose::batch, identity, 0);
  std::vector<Real> values(count);
  for (Real& value : values) value = static_cast<Real>(static_cast<float>(stream.normal()));
  return values;
}

Values forward(const ConvolutionLayer& layer, const Values& parameters, const Values& input,
               std::size_t rows) {
  Values output(rows * size_of(layer.output()), -7.0);
  ConvolutionScratch<double> scratch;
  convolution_forward(layer, parameters.data(), input.data(), rows, output.data(), scratch);
  return output;
}

/// The definition, one output value at a time.
double output_at(const ConvolutionLayer& layer, const Values& parameters, const double* image,
                 std::ptrdiff_t y, std::ptrdiff_t x, std::size_t channel) {
  double sum = parameters[layer.weights() + channel];
  const std::ptrdiff_t above = layer.padded ? std::ptrdiff_t(layer.height - 1) / 2 : 0;
  const std::ptrdiff_t left = layer.padded ? std::ptrdiff_t(layer.width - 1) / 2 : 0;
  for (std::size_t tap = 0; tap < layer.height * layer.width; ++tap) {
    const auto row = y + std::ptrdiff_t(tap / layer.width) - above;
    const auto column = x + std::ptrdiff_t(tap % layer.width) - left;
    if (row < 0 || row >= std::ptrdiff_t(layer.input.height)) continue;
    if (column < 0 || column >= std::ptrdiff_t(layer.input.width)) continue;
    const std::size_t pixel = std::size_t(row) * layer.input.width + std::size_t(column);
    for (std::size_t in = 0; in < layer.input.channels; ++in)
      sum += image[pixel * layer.input.channels + in] *
             parameters[(tap * layer.input.channels + in) * layer.channels + channel];
  }
  return sum;
}

const std::vector<ConvolutionLayer> kConvolutions = {
    {{1, 1, 1}, 1, 1, 1},        {{1, 4, 5}, 3, 3, 2},        {{3, 6, 5}, 5, 5, 4},
    {{2, 5, 7}, 2, 4, 3},        {{2, 3, 3}, 5, 7, 1},        {{17, 4, 4}, 3, 1, 19},
    {{16, 3, 6}, 1, 1, 32},      {{5, 1, 9}, 3, 5, 8},        {{1, 4, 5}, 3, 3, 2, false},
    {{3, 6, 5}, 5, 5, 4, false}, {{2, 5, 7}, 2, 4, 3, false}, {{17, 4, 4}, 4, 1, 19, false}};

/// Outputs, parameter gradient and input gradient, one after another.
std::vector<float> everything(const ConvolutionLayer& layer, std::size_t offset) {
  const std::size_t rows = 2, inputs = rows * size_of(layer.input);
  const std::size_t outputs = rows * size_of(layer.output());
  using Shifted = probes::Shifted<float>;
  Shifted parameters(random_values<float>(layer.parameters(), 1), offset);
  Shifted input(random_values<float>(inputs, 2), 3 * offset);
  Shifted derivatives(random_values<float>(outputs, 3), 5 * offset);
  Shifted output(std::vector<float>(outputs), 7 * offset);
  Shifted gradient(std::vector<float>(layer.parameters()), 9 * offset);
  Shifted input_gradient(std::vector<float>(inputs), 11 * offset);
  ConvolutionScratch<float> scratch;
  convolution_forward(layer, parameters.data(), input.data(), rows, output.data(), scratch);
  convolution_gradient(layer, input.data(), derivatives.data(), rows, gradient.data(), scratch);
  convolution_input_gradient(layer, parameters.data(), derivatives.data(), rows,
                             input_gradient.data(), scratch);
  std::vector<float> all(output.data(), output.data() + outputs);
  all.insert(all.end(), gradient.data(), gradient.data() + layer.parameters());
  all.insert(all.end(), input_gradient.data(), input_gradient.data() + inputs);
  return all;
}

double weighted_sum(const Values& values, const Values& weights) {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) sum += values[i] * weights[i];
  return sum;
}

/// Derivatives of loss(values) by each of the values.
template <class Loss>
Values differences(Values values, const Loss& loss) {
  Values result;
  constexpr double step = 1e-4;
  for (double& value : values) {
    const double held = value;
    value = held + step;
    const double above = loss(values);
    value = held - step;
    result.push_back((above - loss(values)) / (2 * step));
    value = held;
  }
  return result;
}

struct Pooled {
  Values output;
  std::vector<std::uint32_t> taken;
};

Pooled pool(const PoolLayer& layer, const Values& input, std::size_t rows = 1) {
  Pooled pooled{Values(rows * size_of(layer.output())), {}};
  pooled.taken.resize(pooled.output.size());
  pool_forward(layer, input.data(), rows, pooled.output.data(), pooled.taken.data());
  return pooled;
}

}  // namespace

TEST_CASE("a convolution sums each pixel's neighbours with zeros beyond the edges") {
  const ConvolutionLayer layer{{1, 2, 3}, 3, 3, 1};
  Values parameters(10, 1.0);  // every weight 1, bias 1
  CHECK(forward(layer, parameters, {1, 2, 3, 4, 5, 6}, 1) == Values{13, 22, 17, 13, 22, 17});
}

TEST_CASE("a convolution's kernel is not turned round") {
  const ConvolutionLayer layer{{1, 1, 3}, 1, 3, 1};
  CHECK(forward(layer, {1, 10, 100, 0}, {1, 2, 3}, 1) == Values{210, 321, 32});
}

TEST_CASE("an even kernel sees one more zero behind the image than before it") {
  const ConvolutionLayer layer{{1, 1, 3}, 1, 2, 1};
  CHECK(forward(layer, {1, 10, 0}, {1, 2, 3}, 1) == Values{21, 32, 3});
}

TEST_CASE("an unpadded convolution has an output where the whole kernel lies on the image") {
  const ConvolutionLayer layer{{1, 2, 4}, 2, 2, 1, false};
  CHECK(layer.output() == ImageShape{1, 1, 3});
  // 1 + 2 * 10 + 5 * 100 + 6 * 1000, and so on to the right.
  CHECK(forward(layer, {1, 10, 100, 1000, 0}, {1, 2, 3, 4, 5, 6, 7, 8}, 1) ==
        Values{6521, 7632, 8743});
}

TEST_CASE("a convolution of any size agrees with its definition") {
  for (const ConvolutionLayer& layer : kConvolutions) {
    CAPTURE(layer.input.channels, layer.height, layer.width, layer.channels);
    const std::size_t image = size_of(layer.input);
    const Values parameters = random_values<double>(layer.parameters(), 1);
    const Values input = random_values<double>(3 * image, 2);
    Values expected;
    const ImageShape output = layer.output();
    for (std::size_t i = 0; i < 3 * size_of(output); ++i) {
      const std::size_t pixel = i / layer.channels, inside = pixel % pixels_of(output);
      expected.push_back(output_at(layer, parameters, &input[pixel / pixels_of(output) * image],
                                   std::ptrdiff_t(inside / output.width),
                                   std::ptrdiff_t(inside % output.width), i % layer.channels));
    }
    CHECK(probes::relative_difference(forward(layer, parameters, input, 3), expected) < 1e-14);
  }
}

TEST_CASE("a convolution's parameter gradient agrees with finite differences") {
  for (const ConvolutionLayer& layer : kConvolutions) {
    CAPTURE(layer.input.channels, layer.height, layer.width, layer.channels);
    const Values input = random_values<double>(2 * size_of(layer.input), 2);
    const Values derivatives = random_values<double>(2 * size_of(layer.output()), 3);
    Values gradient(layer.parameters());
    ConvolutionScratch<double> scratch;
    convolution_gradient(layer, input.data(), derivatives.data(), 2, gradient.data(), scratch);
    const auto loss = [&](const Values& parameters) {
      return weighted_sum(forward(layer, parameters, input, 2), derivatives);
    };
    const Values expected = differences(random_values<double>(layer.parameters(), 1), loss);
    CHECK(probes::relative_difference(gradient, expected) < 1e-6);
  }
}

TEST_CASE("a convolution's input gradient agrees with finite differences") {
  for (const ConvolutionLayer& layer : kConvolutions) {
    CAPTURE(layer.input.channels, layer.height, layer.width, layer.channels);
    const Values parameters = random_values<double>(layer.parameters(), 1);
    const Values derivatives = random_values<double>(2 * size_of(layer.output()), 3);
    Values gradient(2 * size_of(layer.input));
    ConvolutionScratch<double> scratch;
    convolution_input_gradient(layer, parameters.data(), derivatives.data(), 2, gradient.data(),
                               scratch);
    const auto loss = [&](const Values& input) {
      return weighted_sum(forward(layer, parameters, input, 2), derivatives);
    };
    const Values expected = differences(random_values<double>(gradient.size(), 2), loss);
    CHECK(probes::relative_difference(gradient, expected) < 1e-6);
  }
}

TEST_CASE("the bits of a convolution do not depend on where the numbers lie") {
  for (const ConvolutionLayer& layer : kConvolutions) {
    const std::vector<float> aligned = everything(layer, 0);
    for (std::size_t offset = 1; offset < 16; ++offset) {
      CAPTURE(layer.input.channels, layer.channels, offset);
      CHECK(everything(layer, offset) == aligned);
    }
  }
}

TEST_CASE("what an earlier call left in the scratch does not matter") {
  const ConvolutionLayer large{{3, 6, 5}, 5, 5, 4}, small{{1, 4, 5}, 3, 3, 2};
  const Values parameters = random_values<double>(small.parameters(), 1);
  const Values input = random_values<double>(size_of(small.input), 2);
  const Values large_parameters = random_values<double>(large.parameters(), 3);
  const Values large_input(size_of(large.input), std::numeric_limits<double>::quiet_NaN());
  Values output(size_of(large.output()));
  ConvolutionScratch<double> scratch;
  convolution_forward(large, large_parameters.data(), large_input.data(), 1, output.data(),
                      scratch);
  output.resize(size_of(small.output()));
  convolution_forward(small, parameters.data(), input.data(), 1, output.data(), scratch);
  CHECK(output == forward(small, parameters, input, 1));
}

TEST_CASE("a convolution's gradients leave out zeros alone, whatever their sign") {
  const std::vector<float> derivatives = {0.0f, 2.0f, -0.0f,
                                          std::numeric_limits<float>::quiet_NaN()};
  std::vector<Term<float>> terms(derivatives.size() + 1);
  const Term<float>* const end = list_terms<float>(derivatives, 10, terms.data());
  REQUIRE(end - terms.data() == 2);
  CHECK(terms[0].row == 11);
  CHECK(terms[0].factor == 2.0f);
  CHECK(terms[1].row == 13);
  CHECK(terms[1].factor != terms[1].factor);
}

TEST_CASE("a convolution's gradients of sparse derivatives agree with its definition") {
  // The weight that leads from input to output of a 1 x 3 kernel in one row of pixels.
  const ConvolutionLayer layer{{1, 1, 3}, 1, 3, 1};
  const Values parameters = {2, 3, 5, 0}, input = {7, 11, 13}, derivatives = {0, 10, 0};
  Values gradient(4), input_gradient(3);
  ConvolutionScratch<double> scratch;
  convolution_gradient(layer, input.data(), derivatives.data(), 1, gradient.data(), scratch);
  convolution_input_gradient(layer, parameters.data(), derivatives.data(), 1, input_gradient.data(),
                             scratch);
  CHECK(gradient == Values{70, 110, 130, 10});
  CHECK(input_gradient == Values{20, 30, 50});
}

TEST_CASE("images turn from plane by plane to pixel by pixel") {
  const Values planes = {1, 2, 3, 4, 5, 6, 10, 20, 30, 40, 50, 60};  // two of 2 x 1 x 3
  Values expected = {1, 4, 2, 5, 3, 6, 10, 40, 20, 50, 30, 60}, images(12);
  gather_channels({2, 1, 3}, planes.data(), 2, images.data());
  CHECK(images == expected);
}

TEST_CASE("pooling takes the largest of each window, the last cut by the edge") {
  const PoolLayer layer{{1, 4, 4}, 3, 2};
  const Values input = {1, 2, 3, 4, 8, 7, 6, 5, 0, 0, 0, 9, 1, 1, 1, 0};
  CHECK(layer.output() == ImageShape{1, 2, 2});
  CHECK(pool(layer, input).output == Values{8, 9, 1, 9});
}

TEST_CASE("pooling covers every pixel with as few windows as it can") {
  CHECK(PoolLayer{{64, 32, 16}, 3, 2}.output() == ImageShape{64, 16, 8});
  CHECK(PoolLayer{{1, 28, 7}, 2, 2}.output() == ImageShape{1, 14, 4});
  CHECK(PoolLayer{{1, 3, 5}, 3, 3}.output() == ImageShape{1, 1, 2});
  CHECK(PoolLayer{{1, 5, 4}, 1, 1}.output() == ImageShape{1, 5, 4});
}

TEST_CASE("pooling keeps channels apart") {
  CHECK(pool({{2, 1, 2}, 1, 1}, {1, 10, 2, 20}).output == Values{1, 10, 2, 20});
  CHECK(pool({{2, 2, 2}, 2, 2}, {1, 40, 2, 30, 3, 20, 4, 10}).output == Values{4, 40});
}

TEST_CASE("of equal values pooling takes the first") {
  CHECK(pool({{1, 2, 2}, 2, 2}, {0, 5, 5, 5}).taken == std::vector<std::uint32_t>{1});
}

TEST_CASE("a NaN passes pooling wherever it lies in the window") {
  for (std::size_t i = 0; i < 4; ++i) {
    Values input = {1, 2, 3, 4};
    input[i] = std::numeric_limits<double>::quiet_NaN();
    CHECK(std::isnan(pool({{1, 2, 2}, 2, 2}, input).output[0]));
  }
}

TEST_CASE("pooling's gradient agrees with finite differences") {
  for (const PoolLayer& layer : {PoolLayer{{3, 6, 7}, 3, 2}, PoolLayer{{2, 5, 4}, 2, 2},
                                 PoolLayer{{1, 4, 4}, 4, 1}, PoolLayer{{9, 5, 5}, 3, 1}}) {
    CAPTURE(layer.window, layer.stride);
    const Values input = random_values<double>(2 * size_of(layer.input), 1);
    const Values derivatives = random_values<double>(2 * size_of(layer.output()), 2);
    Values gradient(input.size(), -7.0);
    pool_input_gradient(layer, derivatives.data(), pool(layer, input, 2).taken.data(), 2,
                        gradient.data());
    const auto loss = [&](const Values& moved) {
      return weighted_sum(pool(layer, moved, 2).output, derivatives);
    };
    CHECK(probes::relative_difference(gradient, differences(input, loss)) < 1e-6);
  }
}

}  // namespace byzsim::layers_test
