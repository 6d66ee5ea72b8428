#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "core/check.h"
#include "core/input/parameter_reader.h"
#include "core/models/model.h"
#include "core/models/optimizer.h"
#include "tests/catch.h"
#include "tests/core/models_probes.h"

namespace byzsim::models_test {
namespace {

using namespace probes;

using Widths = std::vector<std::int64_t>;

// The smallest that every model takes, and one more row.
const DataShape kSmallImages = images({2, 16, 15}, 4);

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kLargest = std::numeric_limits<float>::max();

std::unique_ptr<Model> softmax_regression(DataShape shape) {
  const ModelEntry& entry = models().at("softmax_regression");
  return entry.make(defaults(entry.declaration.parameters), shape);
}

std::unique_ptr<Model> mlp(const Widths& hidden, const std::string& activation, DataShape shape) {
  Parameters parameters = defaults(models().at("mlp").declaration.parameters);
  parameters.set("hidden", hidden);
  parameters.set("activation", activation);
  return models().at("mlp").make(parameters, shape);
}

double loss_after_training(const Model& model, DataShape shape, int steps) {
  const Batch<float> batch = random_batch<float>(shape, 20);
  std::vector<float> parameters(model.dimension()), gradient;
  model.initialize(Stream(3, Purpose::initial_model, 0, 0), parameters);
  for (int i = 0; i < steps; ++i) {
    gradient_at(model, parameters, batch, gradient);
    descend(parameters, gradient, 0.5, 0.0, parameters);
  }
  return loss_at(model, parameters, batch);
}

/// The largest of each part of an MLP's parameters: weights and biases of two layers.
std::vector<double> largest_of_parts(const std::string& initialisation) {
  const ModelEntry& entry = models().at("mlp");
  Parameters parameters = defaults(entry.declaration.parameters);
  parameters.set("initialisation", initialisation);
  const auto model = entry.make(parameters, {784, 10});
  std::vector<float> start(model->dimension(), 1.0f);
  model->initialize(Stream(1, Purpose::initial_model, 0, 0), start);
  std::vector<double> largest;
  std::size_t begin = 0;
  for (const std::size_t end : {78'400, 78'500, 79'500, 79'510}) {
    double value = 0;
    for (; begin < end; ++begin) value = std::max(value, std::fabs(double(start[begin])));
    largest.push_back(value);
  }
  return largest;
}

}  // namespace

TEST_CASE("the MLP of the experiments has 79,510 parameters") {
  const ModelEntry& entry = models().at("mlp");
  CHECK(entry.make(defaults(entry.declaration.parameters), {784, 10})->dimension() == 79'510);
}

TEST_CASE("softmax regression has a weight a feature and class and a bias a class") {
  CHECK(softmax_regression({784, 10})->dimension() == 7'850);
}

TEST_CASE("every model's gradient agrees with finite differences on small images") {
  const DataShape shape = kSmallImages;
  for (const ModelEntry& entry : models()) {
    CAPTURE(entry.declaration.name);
    const auto model = entry.make(defaults(entry.declaration.parameters), shape);
    const auto batch = random_batch<double>(shape, 3);
    CHECK(finite_difference_error(*model, batch, moved_start<double>(*model), 40, 1e-6) < 1e-6);
  }
}

TEST_CASE("every model's gradients in float and double agree to four digits") {
  const DataShape shape = kSmallImages;
  for (const ModelEntry& entry : models()) {
    CAPTURE(entry.declaration.name);
    const auto model = entry.make(defaults(entry.declaration.parameters), shape);
    CHECK(float_gradient_error(*model, shape, 12) < 1e-4);
  }
}

TEST_CASE("the bits of every model's gradient do not depend on where the numbers lie") {
  const DataShape shape = kSmallImages;
  const Batch<float> batch = random_batch<float>(shape, 3);
  for (const ModelEntry& entry : models()) {
    const auto model = entry.make(defaults(entry.declaration.parameters), shape);
    const std::vector<float> aligned = gradient_at_offset(*model, batch, 0);
    for (const std::size_t offset : {1, 2, 4, 5, 8, 15}) {
      CAPTURE(entry.declaration.name, offset);
      CHECK(gradient_at_offset(*model, batch, offset) == aligned);
    }
  }
}

TEST_CASE("every model's gradient comes with the loss that it reports on the same examples") {
  const DataShape shape = kSmallImages;
  const Batch<float> batch = random_batch<float>(shape, 5);
  for (const ModelEntry& entry : models()) {
    CAPTURE(entry.declaration.name);
    const auto model = entry.make(defaults(entry.declaration.parameters), shape);
    const std::vector<float> parameters = moved_start<float>(*model);
    std::vector<float> gradient;
    const double loss = gradient_at(*model, parameters, batch, gradient);
    CHECK(loss_at(*model, parameters, batch) == Approx(loss).epsilon(1e-5));
  }
}

TEST_CASE("no parameters, however wild, crash a model, and a NaN everywhere shows in the loss") {
  const DataShape shape = kSmallImages;
  const Batch<float> batch = random_batch<float>(shape, 5);
  for (const ModelEntry& entry : models()) {
    const auto model = entry.make(defaults(entry.declaration.parameters), shape);
    for (const float value : {kNaN, kInfinity, -kInfinity, kLargest, -kLargest}) {
      CAPTURE(entry.declaration.name, value);
      std::vector<float> parameters(model->dimension(), value), gradient;
      CHECK_NOTHROW(gradient_at(*model, parameters, batch, gradient));
      const Evaluation evaluation = model->evaluate(parameters, examples_of(batch));
      if (std::isnan(value)) CHECK_FALSE(std::isfinite(evaluation.loss));
    }
  }
}

TEST_CASE("models that predict classes refuse data without them") {
  const DataShape regression = images({1, 15, 15}, 0);
  for (const ModelEntry& entry : models()) {
    CAPTURE(entry.declaration.name);
    const auto problem = [&](DataShape shape) {
      return entry.problem ? entry.problem(defaults(entry.declaration.parameters), shape)
                           : std::nullopt;
    };
    CHECK_FALSE(problem(images({1, 15, 15}, 2)));
    const std::string& name = entry.declaration.name;
    CHECK(problem(regression).has_value() == (name != "quadratic" && name != "linear_regression"));
  }
}

TEST_CASE("softmax regression's gradient agrees with finite differences") {
  const auto model = softmax_regression({5, 3});
  const auto batch = random_batch<double>({5, 3}, 6);
  CHECK(finite_difference_error(*model, batch, random_parameters<double>(*model)) < 1e-6);
}

TEST_CASE("an MLP's gradient agrees with finite differences") {
  const DataShape shape{5, 3};
  for (const char* activation : {"relu", "tanh"}) {
    for (const Widths& hidden : {Widths{}, Widths{4}, Widths{6, 4}, Widths{21, 17}}) {
      CAPTURE(activation, hidden);
      const auto model = mlp(hidden, activation, shape);
      const auto batch = random_batch<double>(shape, 6);
      CHECK(finite_difference_error(*model, batch, random_parameters<double>(*model)) < 1e-6);
    }
  }
}

TEST_CASE("gradients in float and double agree to four digits") {
  const DataShape shape{30, 10};
  CHECK(float_gradient_error(*softmax_regression(shape), shape, 32) < 1e-4);
  for (const char* activation : {"relu", "tanh"})
    CHECK(float_gradient_error(*mlp({40, 20}, activation, shape), shape, 32) < 1e-4);
}

TEST_CASE("one example's softmax gradient is (probability - label) x") {
  const auto model = softmax_regression({2, 2});
  Batch<double> batch{{2.0, -1.0}, {1}};
  std::vector<double> gradient;
  const double loss = gradient_at(*model, std::vector<double>(6, 0.0), batch, gradient);
  CHECK(loss == Approx(std::log(2.0)));
  // Class 0: 0.5 x and 0.5; class 1: -0.5 x and -0.5. Weights class by class, then the biases.
  CHECK(gradient == std::vector<double>{1.0, -0.5, -1.0, 0.5, 0.5, -0.5});
}

TEST_CASE("the bits of a gradient do not depend on where the numbers lie") {
  for (const DataShape shape : {DataShape{3, 2}, DataShape{5, 7}, DataShape{33, 10}}) {
    for (const std::size_t rows : {1, 2, 5, 32}) {
      const auto model = mlp({3, 9}, "tanh", shape);
      const Batch<float> batch = random_batch<float>(shape, rows);
      const std::vector<float> aligned = gradient_at_offset(*model, batch, 0);
      for (std::size_t offset = 1; offset < 16; ++offset) {
        CAPTURE(shape.features, rows, offset);
        CHECK(gradient_at_offset(*model, batch, offset) == aligned);
      }
    }
  }
}

TEST_CASE("an evaluation of many blocks is that of its rows") {
  const DataShape shape{6, 4};
  const auto model = mlp({8}, "relu", shape);
  const std::vector<float> parameters = random_parameters<float>(*model);
  const Batch<float> batch = random_batch<float>(shape, 600);
  double loss = 0;
  std::int64_t correct = 0;
  for (std::size_t row = 0; row < 600; ++row) {
    const auto first = batch.features.begin() + static_cast<std::ptrdiff_t>(row * 6);
    const Evaluation one = model->evaluate(
        parameters, Examples{std::vector<float>(first, first + 6), {batch.labels[row]}});
    loss += one.loss / 600;
    correct += one.correct;
  }
  const Evaluation all = model->evaluate(parameters, examples_of(batch));
  CHECK(all.loss == Approx(loss).epsilon(1e-6));
  CHECK(all.correct == correct);
  CHECK(all.total == 600);
}

TEST_CASE("equal outputs predict the lowest class") {
  const auto model = softmax_regression({1, 3});
  const Examples examples{std::vector<float>{1, 1, 1}, {0, 1, 2}};
  // Outputs are 0, 5, 5: class 1 wins, and class 2 never does.
  const std::vector<float> parameters = {0, 0, 0, 0, 5, 5};
  CHECK(model->evaluate(parameters, examples).correct == 1);
  CHECK(model->evaluate(std::vector<float>(6), examples).correct == 1);
}

TEST_CASE("a NaN among the parameters makes the loss non-finite, and nothing is correct") {
  const DataShape shape{4, 3};
  const Batch<float> batch = random_batch<float>(shape, 20);
  for (const char* activation : {"relu", "tanh"}) {
    const auto model = mlp({5}, activation, shape);
    for (std::size_t i = 0; i < model->dimension(); ++i) {
      std::vector<float> parameters = random_parameters<float>(*model), gradient;
      parameters[i] = kNaN;
      CAPTURE(activation, i);
      const Evaluation evaluation = model->evaluate(parameters, examples_of(batch));
      CHECK_FALSE(std::isfinite(evaluation.loss));
      CHECK_FALSE(std::isfinite(gradient_at(*model, parameters, batch, gradient)));
      CHECK(evaluation.correct == 0);
    }
  }
}

TEST_CASE("infinite and huge parameters never crash, and one bad row spoils the mean loss") {
  const DataShape shape{4, 3};
  const Batch<float> batch = random_batch<float>(shape, 20);
  for (const char* activation : {"relu", "tanh"}) {
    const auto model = mlp({5}, activation, shape);
    for (const float value : {kInfinity, -kInfinity, kLargest, -kLargest}) {
      std::vector<float> parameters(model->dimension(), value), gradient;
      CAPTURE(activation, value);
      CHECK_NOTHROW(gradient_at(*model, parameters, batch, gradient));
      CHECK_NOTHROW(loss_at(*model, parameters, batch));
    }
    std::vector<float> parameters = random_parameters<float>(*model);
    parameters.back() = kInfinity;
    CHECK_FALSE(std::isfinite(loss_at(*model, parameters, batch)));
  }
}

TEST_CASE("softmax regression starts at 0, where the loss is ln(classes)") {
  const auto model = softmax_regression({4, 10});
  std::vector<float> parameters(model->dimension(), 1.0f);
  model->initialize(Stream(1, Purpose::initial_model, 0, 0), parameters);
  CHECK(parameters == std::vector<float>(model->dimension(), 0.0f));
  CHECK(loss_at(*model, parameters, random_batch<float>({4, 10}, 8)) == Approx(std::log(10.0)));
}

TEST_CASE("an MLP starts with weights uniform in the published ranges and biases 0") {
  const auto model = mlp({100}, "relu", {784, 10});
  std::vector<float> parameters(model->dimension(), 1.0f);
  model->initialize(Stream(1, Purpose::initial_model, 0, 0), parameters);
  const auto largest = [&](std::size_t begin, std::size_t end) {
    float value = 0;
    for (std::size_t i = begin; i < end; ++i) value = std::max(value, std::fabs(parameters[i]));
    return value;
  };
  CHECK(largest(0, 78'400) == Approx(std::sqrt(6.0 / 784)).epsilon(1e-3));       // ReLU follows: He
  CHECK(largest(78'400, 78'500) == 0.0f);                                        // biases
  CHECK(largest(78'500, 79'500) == Approx(std::sqrt(6.0 / 110)).epsilon(1e-2));  // Glorot
  CHECK(largest(79'500, 79'510) == 0.0f);
}

TEST_CASE("Glorot's start has one range a layer, whatever follows, and biases 0") {
  const std::vector<double> largest = largest_of_parts("glorot");
  CHECK(largest[0] == Approx(std::sqrt(6.0 / 884)).epsilon(1e-3));
  CHECK(largest[1] == 0);
  CHECK(largest[2] == Approx(std::sqrt(6.0 / 110)).epsilon(1e-2));
  CHECK(largest[3] == 0);
}

TEST_CASE("torch's start has weights and biases within 1 / sqrt(inputs)") {
  const std::vector<double> largest = largest_of_parts("torch");
  CHECK(largest[0] == Approx(1 / 28.0).epsilon(1e-3));
  CHECK(largest[1] == Approx(1 / 28.0).epsilon(0.1));
  CHECK(largest[2] == Approx(0.1).epsilon(1e-2));
  CHECK(largest[3] == Approx(0.1).epsilon(0.5));
  CHECK(largest[3] <= 0.1);
}

TEST_CASE("a start at zeros draws nothing") {
  CHECK(largest_of_parts("zeros") == std::vector<double>(4, 0.0));
}

TEST_CASE("the initialisation is not written where nothing is chosen") {
  for (const char* name : {"mlp", "cnn", "softmax_regression", "cnn_mnist"}) {
    const Parameters chosen = defaults(models().at(name).declaration.parameters);
    CHECK_FALSE(write_parameters(models().at(name).declaration.parameters, chosen)
                    .contains("initialisation"));
  }
}

TEST_CASE("an MLP's start depends on the stream alone") {
  const auto model = mlp({100}, "relu", {784, 10});
  std::vector<float> first(model->dimension()), second(first), other(first);
  model->initialize(Stream(1, Purpose::initial_model, 0, 0), first);
  model->initialize(Stream(1, Purpose::initial_model, 0, 0), second);
  model->initialize(Stream(2, Purpose::initial_model, 0, 0), other);
  CHECK(first == second);
  CHECK(first != other);
}

TEST_CASE("a few steps of gradient descent lower the loss") {
  const DataShape shape{8, 3};
  CHECK(loss_after_training(*softmax_regression(shape), shape, 0) == Approx(std::log(3.0)));
  CHECK(loss_after_training(*softmax_regression(shape), shape, 100) < 0.7);
  for (const char* activation : {"relu", "tanh"})
    CHECK(loss_after_training(*mlp({16}, activation, shape), shape, 100) < 0.1);
}

TEST_CASE("sizes that do not fit the model and labels outside the classes are refused") {
  const auto model = softmax_regression({2, 2});
  std::vector<float> gradient(6);
  const std::span<float> out(gradient);
  const std::vector<float> parameters(6);
  const std::span<const float> in(parameters);
  CHECK_THROWS_AS(model->gradient(in.first(5), Batch<float>{{1, 1}, {0}}, out), InternalError);
  CHECK_THROWS_AS(model->gradient(in, Batch<float>{{1}, {0}}, out), InternalError);
  CHECK_THROWS_AS(model->gradient(in, Batch<float>{}, out), InternalError);
  CHECK_THROWS_AS(model->gradient(in, Batch<float>{{1, 1}, {2}}, out), InternalError);
  CHECK_THROWS_AS(model->gradient(in, Batch<float>{{1, 1}, {-1}}, out), InternalError);
}

}  // namespace byzsim::models_test
