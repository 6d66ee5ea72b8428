#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "core/check.h"
#include "core/models/optimizer.h"
#include "tests/catch.h"
#include "tests/core/models_probes.h"

namespace byzsim::regression_test {
namespace {

using namespace probes;

std::unique_ptr<Model> quadratic(std::size_t features, double curvature = 1, double start = 0) {
  Parameters parameters;
  parameters.set("curvature", curvature);
  parameters.set("start", start);
  return models().at("quadratic").make(parameters, {features, 0});
}

std::unique_ptr<Model> linear(std::size_t features) {
  return models().at("linear_regression").make({}, {features, 0});
}

std::vector<float> start_of(const Model& model, std::uint64_t seed) {
  std::vector<float> start(model.dimension(), 1.0f);
  model.initialize(Stream(seed, Purpose::initial_model, 0, 0), start);
  return start;
}

}  // namespace

TEST_CASE("a quadratic's gradient is the way from the batch's mean, times the curvature") {
  const Batch<double> batch{{1, 10, 3, 30}, {0, 0}};
  std::vector<double> gradient;
  // Differences (-1, -10) and (-3, -30): half the mean of 101 and 909, thrice.
  CHECK(gradient_at(*quadratic(2, 3), {0.0, 0.0}, batch, gradient) == 3 * 505 / 2.0);
  CHECK(gradient == std::vector<double>{-6, -60});
}

TEST_CASE("a quadratic has a parameter for each feature, even for one") {
  CHECK(quadratic(7)->dimension() == 7);
  const Batch<double> batch{{4}, {0}};
  std::vector<double> gradient;
  CHECK(gradient_at(*quadratic(1), {1.0}, batch, gradient) == 4.5);
  CHECK(gradient == std::vector<double>{-3});
}

TEST_CASE("a quadratic starts at 0, or uniform in the range it is told") {
  CHECK(start_of(*quadratic(5), 1) == std::vector<float>(5, 0.0f));
  const auto model = quadratic(1000, 1, 2.5);
  const std::vector<float> start = start_of(*model, 1);
  const auto [low, high] = std::minmax_element(start.begin(), start.end());
  CHECK(*low == Approx(-2.5).epsilon(0.02));
  CHECK(*high == Approx(2.5).epsilon(0.02));
  CHECK(start == start_of(*model, 1));
  CHECK(start != start_of(*model, 2));
}

TEST_CASE("a quadratic's steps of rate 1 / curvature lead to the mean at once") {
  const auto model = quadratic(3, 4);
  const Batch<float> batch{{1, 2, 3, 3, 6, 9}, {0, 0}};
  std::vector<float> parameters = {7, -7, 70}, gradient;
  gradient_at(*model, parameters, batch, gradient);
  descend(parameters, gradient, 0.25, 0.0, parameters);
  CHECK(parameters == std::vector<float>{2, 4, 6});
}

TEST_CASE("a line's loss is half the mean squared residual of the targets") {
  const Batch<double> batch{{1, 2, 3, 4}, {9, 9}, {7, 10}};
  std::vector<double> gradient;
  // Predictions 2 + 2 + 1 = 5 and 6 + 4 + 1 = 11: residuals -2 and 1.
  CHECK(gradient_at(*linear(2), {2.0, 1.0, 1.0}, batch, gradient) == 1.25);
  CHECK(gradient == std::vector<double>{0.5, 0, -0.5});
}

TEST_CASE("without targets a line regresses on the labels") {
  const Batch<double> batch{{1, 2}, {3, 5}};
  std::vector<double> gradient;
  CHECK(gradient_at(*linear(1), {2.0, 1.0}, batch, gradient) == 0);
  CHECK(gradient == std::vector<double>{0, 0});
}

TEST_CASE("a line has a weight for each feature and a bias, and starts at 0") {
  CHECK(linear(7)->dimension() == 8);
  CHECK(linear(1)->dimension() == 2);
  CHECK(start_of(*linear(3), 1) == std::vector<float>(4, 0.0f));
}

TEST_CASE("gradient descent finds the line behind exact targets") {
  const auto model = linear(2);
  Batch<float> batch = random_batch<float>({2, 0}, 30);
  for (std::size_t i = 0; i < 30; ++i)
    batch.targets[i] = 2 * batch.features[2 * i] - batch.features[2 * i + 1] + 0.5f;
  std::vector<float> parameters(3), gradient;
  for (int i = 0; i < 300; ++i) {
    gradient_at(*model, parameters, batch, gradient);
    descend(parameters, gradient, 0.3, 0.0, parameters);
  }
  CHECK(parameters[0] == Approx(2).epsilon(1e-4));
  CHECK(parameters[1] == Approx(-1).epsilon(1e-4));
  CHECK(parameters[2] == Approx(0.5).epsilon(1e-4));
}

TEST_CASE("models of regression agree with finite differences in dimension 1") {
  const auto batch = random_batch<double>({1, 0}, 5);
  for (const auto& model : {quadratic(1, 3.5), linear(1)})
    CHECK(finite_difference_error(*model, batch, random_parameters<double>(*model)) < 1e-6);
}

TEST_CASE("models of regression predict no class") {
  const Batch<float> batch = random_batch<float>({4, 0}, 6);
  for (const auto& model : {quadratic(4), linear(4)}) {
    const Evaluation evaluation =
        model->evaluate(random_parameters<float>(*model), examples_of(batch));
    CHECK(evaluation.total == 0);
    CHECK(evaluation.correct == 0);
    CHECK(evaluation.loss > 0);
  }
}

TEST_CASE("a single NaN among the parameters of a regression makes the loss non-finite") {
  const Batch<float> batch = random_batch<float>({4, 0}, 6);
  for (const auto& model : {quadratic(4), linear(4)}) {
    for (std::size_t i = 0; i < model->dimension(); ++i) {
      std::vector<float> parameters = random_parameters<float>(*model), gradient;
      parameters[i] = std::numeric_limits<float>::quiet_NaN();
      CHECK_FALSE(std::isfinite(loss_at(*model, parameters, batch)));
      CHECK_FALSE(std::isfinite(gradient_at(*model, parameters, batch, gradient)));
    }
  }
}

TEST_CASE("regressions refuse sizes that do not fit") {
  std::vector<float> gradient(3);
  const std::vector<float> parameters(3);
  const std::span<const float> in(parameters);
  const std::span<float> out(gradient);
  const auto line = linear(2), bowl = quadratic(3);
  CHECK_THROWS_AS(line->gradient(in.first(2), Batch<float>{{1, 1}, {0}}, out), InternalError);
  CHECK_THROWS_AS(line->gradient(in, Batch<float>{{1}, {0}}, out), InternalError);
  CHECK_THROWS_AS(line->gradient(in, Batch<float>{{1, 1}, {0}, {1, 2}}, out), InternalError);
  CHECK_THROWS_AS(line->gradient(in, Batch<float>{}, out), InternalError);
  CHECK_THROWS_AS(bowl->gradient(in, Batch<float>{{1, 1}, {0}}, out), InternalError);
  CHECK_THROWS_AS(bowl->gradient(in, Batch<float>{}, out), InternalError);
}

}  // namespace byzsim::regression_test
