#include "core/models/dense.h"

#include <cstdint>
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
