#include "core/models/dense.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "core/exact/random.h"
#include "tests/catch.h"
#include "tests/core/models_probes.h"

namespace byzsim::dense_test {
namespace {

using Shifted = probes::Shifted<float>;

std::vector<float> random_values(std::size_t count, std::uint64_t identity) {
  Stream stream(5, Purpose::batch, identity, 0);
  std::vector<float> values(count);
  for (float& value : values) value = static_cast<float>(stream.normal());
  return values;
}

/// Outputs, parameter gradient and input gradient of a layer, one after another.
std::vector<float> everything(const DenseLayer& layer, std::size_t rows, std::size_t offset) {
  const std::size_t outputs = rows * layer.outputs, inputs = rows * layer.inputs;
  Shifted parameters(random_values(layer.parameters(), 1), offset);
  Shifted input(random_values(inputs, 2), 3 * offset);
  Shifted output_gradient(random_values(outputs, 3), 5 * offset);
  Shifted output(std::vector<float>(outputs), 7 * offset);
  Shifted gradient(std::vector<float>(layer.parameters()), 9 * offset);
  Shifted input_gradient(std::vector<float>(inputs), 11 * offset);
  dense_forward(layer, parameters.data(), input.data(), rows, output.data());
  dense_gradient(layer, input.data(), output_gradient.data(), rows, gradient.data());
  dense_input_gradient(layer, parameters.data(), output_gradient.data(), rows,
                       input_gradient.data());
  std::vector<float> all(output.data(), output.data() + outputs);
  all.insert(all.end(), gradient.data(), gradient.data() + layer.parameters());
  all.insert(all.end(), input_gradient.data(), input_gradient.data() + inputs);
  return all;
}

/// A layer and its numbers, each array at an offset of its own from an aligned address.
template <class Real>
struct Numbers {
  DenseLayer layer;
  std::size_t rows;
  probes::Shifted<Real> parameters, input, output_gradient;

  Numbers(DenseLayer size, std::size_t batch, bool special)
      : layer(size),
        rows(batch),
        parameters(values(size.parameters(), 1, special), batch % 16),
        input(values(batch * size.inputs, 2, special), size.inputs % 16),
        output_gradient(values(batch * size.outputs, 3, special), size.outputs % 16) {}

  // Normal draws; where `special`, some are zeros, infinities or NaN.
  static std::vector<Real> values(std::size_t count, std::uint64_t identity, bool special) {
    constexpr Real infinity = std::numeric_limits<Real>::infinity();
    constexpr Real specials[] = {Real{0}, -Real{0}, infinity, -infinity,
                                 std::numeric_limits<Real>::quiet_NaN()};
    Stream stream(6, Purpose::batch, identity, count);
    std::vector<Real> drawn(count);
    for (Real& value : drawn) {
      value = static_cast<Real>(stream.normal());
      const std::uint64_t which = special ? stream.below(30) : 30;
      if (which < 5) value = specials[which];
    }
    return drawn;
  }
};

// The definitions, as they are written.
template <class Real>
std::vector<Real> defined_outputs(const Numbers<Real>& of) {
  const auto [rows, m, n] = std::array{of.rows, of.layer.outputs, of.layer.inputs};
  std::vector<Real> sums;
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t j = 0; j < m; ++j) {
      Real sum = of.parameters.data()[m * n + j];
      for (std::size_t k = 0; k < n; ++k)
        sum = std::fma(of.input.data()[i * n + k], of.parameters.data()[j * n + k], sum);
      sums.push_back(sum);
    }
  return sums;
}

template <class Real>
std::vector<Real> defined_gradient(const Numbers<Real>& of) {
  const auto [rows, m, n] = std::array{of.rows, of.layer.outputs, of.layer.inputs};
  std::vector<Real> sums;
  for (std::size_t j = 0; j < m; ++j)
    for (std::size_t k = 0; k < n; ++k) {
      Real sum = 0;
      for (std::size_t i = 0; i < rows; ++i)
        sum = std::fma(of.output_gradient.data()[i * m + j], of.input.data()[i * n + k], sum);
      sums.push_back(sum);
    }
  for (std::size_t j = 0; j < m; ++j) {
    Real sum = 0;
    for (std::size_t i = 0; i < rows; ++i) sum += of.output_gradient.data()[i * m + j];
    sums.push_back(sum);
  }
  return sums;
}

template <class Real>
std::vector<Real> defined_input_gradient(const Numbers<Real>& of) {
  const auto [rows, m, n] = std::array{of.rows, of.layer.outputs, of.layer.inputs};
  std::vector<Real> sums;
  for (std::size_t i = 0; i < rows; ++i)
    for (std::size_t k = 0; k < n; ++k) {
      Real sum = 0;
      for (std::size_t j = 0; j < m; ++j)
        sum = std::fma(of.output_gradient.data()[i * m + j], of.parameters.data()[j * n + k], sum);
      sums.push_back(sum);
    }
  return sums;
}

/// How many values differ in a bit; every NaN is like another.
template <class Real>
std::size_t differences(const std::vector<Real>& a, const std::vector<Real>& b) {
  std::size_t count = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    const bool both_nan = std::isnan(a[i]) && std::isnan(b[i]);
    count += !both_nan && (a[i] != b[i] || std::signbit(a[i]) != std::signbit(b[i]));
  }
  return count;
}

template <class Real>
void check_definitions(DenseLayer layer, std::size_t rows, bool special) {
  const Numbers<Real> numbers(layer, rows, special);
  std::vector<Real> output(rows * layer.outputs), gradient(layer.parameters());
  std::vector<Real> input_gradient(rows * layer.inputs);
  dense_forward(layer, numbers.parameters.data(), numbers.input.data(), rows, output.data());
  dense_gradient(layer, numbers.input.data(), numbers.output_gradient.data(), rows,
                 gradient.data());
  dense_input_gradient(layer, numbers.parameters.data(), numbers.output_gradient.data(), rows,
                       input_gradient.data());
  CAPTURE(rows, layer.inputs, layer.outputs, sizeof(Real), special);
  CHECK(differences(output, defined_outputs(numbers)) == 0);
  CHECK(differences(gradient, defined_gradient(numbers)) == 0);
  CHECK(differences(input_gradient, defined_input_gradient(numbers)) == 0);
}

void check_definitions(DenseLayer layer, std::size_t rows) {
  for (const bool special : {false, true}) {
    check_definitions<float>(layer, rows, special);
    check_definitions<double>(layer, rows, special);
  }
}

// A layer of two inputs and three outputs: weights (1 2), (3 4), (5 6), biases 10 20 30.
const DenseLayer kLayer{2, 3};
const std::vector<double> kParameters = {1, 2, 3, 4, 5, 6, 10, 20, 30};

}  // namespace

TEST_CASE("a dense layer adds its biases to the weighted inputs") {
  const std::vector<double> input = {1, 0, 2, -1};
  std::vector<double> output(6);
  dense_forward(kLayer, kParameters.data(), input.data(), 2, output.data());
  CHECK(output == std::vector<double>{11, 23, 35, 10, 22, 34});
}

TEST_CASE("a dense layer's gradient sums over rows") {
  const std::vector<double> input = {1, 0, 2, -1}, output_gradient = {1, 0, 0, 1, 10, 100};
  std::vector<double> gradient(9, -7.0);
  dense_gradient(kLayer, input.data(), output_gradient.data(), 2, gradient.data());
  CHECK(gradient == std::vector<double>{3, -1, 20, -10, 200, -100, 2, 10, 100});
}

TEST_CASE("a dense layer's input gradient goes back through the weights") {
  const std::vector<double> output_gradient = {1, 0, 0, 1, 10, 100};
  std::vector<double> input_gradient(4, -7.0);
  dense_input_gradient(kLayer, kParameters.data(), output_gradient.data(), 2,
                       input_gradient.data());
  CHECK(input_gradient == std::vector<double>{1, 2, 531, 642});
}

TEST_CASE("every number of a dense layer is one ascending chain of fused multiply-adds") {
  for (std::size_t rows = 1; rows <= 17; ++rows)
    for (std::size_t inputs = 1; inputs <= 17; ++inputs)
      for (const std::size_t outputs : {1, 2, 5, 6, 7, 10, 13, 17})
        check_definitions({inputs, outputs}, rows);
}

// Panels longer than one part, or copied since many rows are multiplied with them.
TEST_CASE("large dense layers keep to the chains of small ones") {
  check_definitions({784, 30}, 32);
  check_definitions({30, 10}, 32);
  check_definitions({21, 70}, 700);
  check_definitions({35, 700}, 67);
}

TEST_CASE("the bits of a dense layer do not depend on where the numbers lie") {
  for (const std::size_t rows : {1, 2, 3, 5, 32}) {
    for (const std::size_t inputs : {1, 3, 9, 13, 40}) {
      for (const std::size_t outputs : {1, 2, 4, 10}) {
        const DenseLayer layer{inputs, outputs};
        const std::vector<float> aligned = everything(layer, rows, 0);
        CAPTURE(rows, inputs, outputs);
        for (std::size_t offset = 1; offset < 16; ++offset)
          CHECK(everything(layer, rows, offset) == aligned);
      }
    }
  }
}

}  // namespace byzsim::dense_test
