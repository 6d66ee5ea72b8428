#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "core/models/optimizer.h"
#include "tests/catch.h"
#include "tests/core/models_probes.h"

namespace byzsim::cnn_test {
namespace {

using namespace probes;

const DataShape kCifar = images({3, 32, 32}, 10);
const DataShape kMnist = images({1, 28, 28}, 10);
const DataShape kTiny = images({2, 6, 5}, 3);

Parameters with_layers(const std::string& layers) {
  Parameters parameters = defaults(models().at("cnn").declaration.parameters);
  parameters.set("layers", layers);
  return parameters;
}

std::unique_ptr<Model> cnn(const std::string& layers, DataShape shape) {
  return models().at("cnn").make(with_layers(layers), shape);
}

/// Empty where there is none.
std::string problem(const std::string& layers, DataShape shape) {
  return models().at("cnn").problem(with_layers(layers), shape).value_or("");
}

std::unique_ptr<Model> preset(const std::string& name, DataShape shape) {
  const ModelEntry& entry = models().at(name);
  return entry.make(defaults(entry.declaration.parameters), shape);
}

std::size_t preset_size(const std::string& name, DataShape shape) {
  return preset(name, shape)->dimension();
}

float largest(const std::vector<float>& values, std::size_t begin, std::size_t end) {
  float value = 0;
  for (std::size_t i = begin; i < end; ++i) value = std::max(value, std::fabs(values[i]));
  return value;
}

const std::vector<std::string> kLists = {
    "",
    "conv3x3x4",
    "conv3x3x4 relu",
    "conv3x3x4 tanh",
    "pool2/2",
    "pool2/2 relu",
    "fc7 relu",
    "conv2x4x3 relu pool3/2 conv3x3x2 tanh pool2/1 fc6 relu fc5",
    "conv3x3x2 pool2/2 relu conv1x1x3 conv3x3x2 tanh",
    "conv3x2x4v relu conv2x2x3v pool2/2 fc4 tanh"};

}  // namespace

TEST_CASE("cifarnet has 1,756,426 parameters on CIFAR-10") {
  CHECK(preset_size("cifarnet", kCifar) == 1'756'426);
}

TEST_CASE("mnist_cnn has 107,786 parameters on MNIST") {
  CHECK(preset_size("mnist_cnn", kMnist) == 107'786);
}

TEST_CASE("ByzFL's networks have their 431,080 and 2,324,630 parameters") {
  CHECK(preset_size("cnn_mnist", kMnist) == 431'080);
  CHECK(preset_size("cnn_cifar", kCifar) == 2'324'630);
}

TEST_CASE("an unpadded kernel larger than what is left is refused") {
  CHECK(problem("conv3x3x2v conv5x3x2v", kTiny) ==
        "layer 2, \"conv5x3x2v\", has a kernel larger than the 4 x 3 remaining pixels");
  CHECK(problem("conv6x5x2v", kTiny) == "");
}

TEST_CASE("the CNN of the federated averaging paper has its 1,663,370 parameters") {
  const std::string layers = "conv5x5x32 relu pool2/2 conv5x5x64 relu pool2/2 fc512 relu";
  CHECK(cnn(layers, kMnist)->dimension() == 1'663'370);
}

TEST_CASE("a preset is the network of its list") {
  const std::string layers =
      "conv5x5x64 relu pool3/2 conv5x5x64 relu pool3/2 fc384 relu fc192 relu";
  const DataShape shape = images({3, 8, 8}, 4);
  const auto listed = cnn(layers, shape), made = preset("cifarnet", shape);
  const Batch<float> batch = random_batch<float>(shape, 4);
  CHECK(gradient_at_offset(*listed, batch, 0) == gradient_at_offset(*made, batch, 0));
}

TEST_CASE("the gradient of a network of each layer kind agrees with finite differences") {
  for (const std::string& layers : kLists) {
    CAPTURE(layers);
    const auto model = cnn(layers, kTiny);
    const auto batch = random_batch<double>(kTiny, 4);
    CHECK(finite_difference_error(*model, batch, moved_start<double>(*model)) < 1e-6);
  }
}

TEST_CASE("a network of each layer kind gives four digits in float") {
  for (const std::string& layers : kLists) {
    CAPTURE(layers);
    CHECK(float_gradient_error(*cnn(layers, kTiny), kTiny, 9) < 1e-4);
  }
}

TEST_CASE("without layers a cnn is softmax regression") {
  const auto model = cnn("", kTiny), softmax = preset("softmax_regression", kTiny);
  const Batch<float> batch = random_batch<float>(kTiny, 5);
  const std::vector<float> parameters = random_parameters<float>(*model);
  std::vector<float> gradient, expected;
  gradient_at(*model, parameters, batch, gradient);
  gradient_at(*softmax, parameters, batch, expected);
  CHECK(gradient == expected);
}

TEST_CASE("a cnn of dense layers alone needs no images") {
  CHECK(problem("fc12 relu fc9 tanh", {20, 3}) == "");
  CHECK(cnn("fc12 relu", {20, 3})->dimension() == 20 * 12 + 12 + 12 * 3 + 3);
}

TEST_CASE("a cnn's evaluation of many blocks is that of its rows") {
  const DataShape shape = images({1, 64, 64}, 3);  // 32 channels: eight rows a block
  const auto model = cnn("conv3x3x32 relu pool2/2", shape);
  const std::vector<float> parameters = moved_start<float>(*model);
  const Batch<float> batch = random_batch<float>(shape, 19);
  double loss = 0;
  std::int64_t correct = 0;
  for (std::size_t row = 0; row < 19; ++row) {
    const auto first = batch.features.begin() + static_cast<std::ptrdiff_t>(row * shape.features);
    const auto end = first + static_cast<std::ptrdiff_t>(shape.features);
    const Evaluation one =
        model->evaluate(parameters, Examples{std::vector<float>(first, end), {batch.labels[row]}});
    loss += one.loss / 19;
    correct += one.correct;
  }
  const Evaluation all = model->evaluate(parameters, examples_of(batch));
  CHECK(all.loss == Approx(loss).epsilon(1e-6));
  CHECK(all.correct == correct);
  CHECK(all.total == 19);
}

TEST_CASE("convolutions start in the published ranges, also when pooling precedes the ReLU") {
  const auto model = cnn("conv5x5x8 pool2/2 relu conv3x3x16 fc4", kMnist);
  std::vector<float> start(model->dimension(), 1.0f);
  model->initialize(Stream(1, Purpose::initial_model, 0, 0), start);
  CHECK(largest(start, 0, 200) == Approx(std::sqrt(6.0 / 25)).epsilon(2e-2));  // He
  CHECK(largest(start, 200, 208) == 0.0f);                                     // biases
  const std::size_t second = 208, biases = second + 72 * 16;
  CHECK(largest(start, second, biases) == Approx(std::sqrt(6.0 / (72 + 144))).epsilon(1e-2));
  CHECK(largest(start, biases, biases + 16) == 0.0f);
}

TEST_CASE("a single NaN among a cnn's parameters makes the loss non-finite") {
  const auto model = cnn("conv3x3x2 relu pool2/2 fc3 relu", kTiny);
  const Batch<float> batch = random_batch<float>(kTiny, 4);
  for (std::size_t i = 0; i < model->dimension(); ++i) {
    std::vector<float> parameters = moved_start<float>(*model), gradient;
    parameters[i] = std::numeric_limits<float>::quiet_NaN();
    CAPTURE(i);
    const Evaluation evaluation = model->evaluate(parameters, examples_of(batch));
    CHECK_FALSE(std::isfinite(evaluation.loss));
    CHECK(evaluation.correct == 0);
    CHECK_FALSE(std::isfinite(gradient_at(*model, parameters, batch, gradient)));
  }
}

TEST_CASE("a cnn learns a few images by heart") {
  const auto model = cnn("conv3x3x8 relu pool2/2 fc16 relu", kTiny);
  const Batch<float> batch = random_batch<float>(kTiny, 12);
  std::vector<float> parameters(model->dimension()), gradient;
  model->initialize(Stream(3, Purpose::initial_model, 0, 0), parameters);
  const double before = loss_at(*model, parameters, batch);
  for (int i = 0; i < 150; ++i) {
    gradient_at(*model, parameters, batch, gradient);
    descend(parameters, gradient, 0.1, 0.0, parameters);
  }
  CHECK(loss_at(*model, parameters, batch) < 0.1 * before);
}

TEST_CASE("an unknown layer is named with its place") {
  CHECK(problem("conv3x3x4 relu pol2/2", kTiny) ==
        "layer 3, \"pol2/2\", is not one of: convHxWxC, convHxWxCv, poolK/S, fcN, relu and tanh");
}

TEST_CASE("malformed layers are refused") {
  for (const char* word :
       {"conv3x3",    "conv3x3x", "conv3x3x4x5", "convx3x4",  "conv-3x3x4",
        "pool2",      "pool2/",   "pool/2",      "pool2x2",   "fc",
        "fc1.5",      "fc+4",     "fc4,",        "Relu",      "fc99999999999999999999999",
        "conv 3x3x4", "v",        "conv3x3v",    "conv3x3xv", "conv3x3x4vv",
        "pool2/2v",   "fc3v"}) {
    CAPTURE(word);
    CHECK(problem(word, kTiny).find("is not one of: ") != std::string::npos);
  }
}

TEST_CASE("numbers out of range are refused with the range") {
  CHECK(problem("fc0", kTiny) == "layer 1, \"fc0\", has a width of 0; it must be in [1, 65536]");
  for (const char* word : {"conv0x3x4", "conv3x65x4", "conv3x3x0", "conv3x3x5000", "pool0/1",
                           "pool2/0", "pool2/3", "pool65/1", "fc65537"}) {
    CAPTURE(word);
    CHECK(problem(word, kTiny).find("must be in [1, ") != std::string::npos);
  }
}

TEST_CASE("layers of images refuse data without images") {
  for (const char* layers : {"conv3x3x4", "pool2/2"})
    CHECK(problem(layers, {60, 3}).find("needs images, but the data set has none") !=
          std::string::npos);
}

TEST_CASE("layers of images refuse to follow a dense layer") {
  CHECK(problem("fc30 pool2/2", kTiny) ==
        "layer 2, \"pool2/2\", needs an image, but there is none after a dense layer");
}

TEST_CASE("a pooling window larger than what is left is refused") {
  CHECK(problem("pool3/3 pool3/3", kTiny) ==
        "layer 2, \"pool3/3\", has a window larger than the 2 x 2 remaining pixels");
}

TEST_CASE("an activation follows a layer, and only one does") {
  CHECK(problem("relu", kTiny).find("has no layer before it") != std::string::npos);
  CHECK(problem("fc4 relu tanh", kTiny).find("layer 3") != std::string::npos);
  CHECK(problem("fc4 relu tanh", kTiny).find("follows another activation") != std::string::npos);
}

TEST_CASE("presets say when images are missing or too small") {
  CHECK(models().at("cifarnet").problem({}, {3072, 10}).has_value());
  CHECK(models().at("mnist_cnn").problem({}, images({1, 2, 2}, 10)).has_value());
  CHECK_FALSE(models().at("cifarnet").problem({}, kMnist).has_value());
}

}  // namespace byzsim::cnn_test
