// Least squares: the prediction is w . x + b, the loss half the mean squared residual. Parameters
// are the weights, then the bias; they begin at 0. Without real targets an example's label is its
// target.
#include <algorithm>
#include <vector>

#include "core/check.h"
#include "core/models/model.h"

namespace byzsim::models_list {
namespace {

template <class Real>
double target_of(std::size_t row, const std::vector<Real>& targets,
                 const std::vector<std::int32_t>& labels) {
  return targets.empty() ? double(labels[row]) : double(targets[row]);
}

class LinearRegression final : public Model {
 public:
  explicit LinearRegression(std::size_t features) : features_(features) {}

  std::size_t dimension() const override { return features_ + 1; }
  void initialize(Stream, std::span<float> parameters) const override {
    BYZ_CHECK(parameters.size() == dimension(), "a model has as many parameters as its dimension");
    std::fill(parameters.begin(), parameters.end(), 0.0f);
  }
  double gradient(std::span<const float> parameters, const Batch<float>& batch,
                  std::span<float> gradient) const override {
    return gradient_of<float>(parameters, batch, gradient);
  }
  double gradient(std::span<const double> parameters, const Batch<double>& batch,
                  std::span<double> gradient) const override {
    return gradient_of<double>(parameters, batch, gradient);
  }
  Evaluation evaluate(std::span<const float> parameters, const Examples& examples) const override;

 private:
  /// The products summed in order.
  template <class Real>
  double prediction(std::span<const Real> parameters, std::span<const Real> row) const {
    double sum = double(parameters[features_]);
    for (std::size_t j = 0; j < features_; ++j) sum += double(parameters[j]) * double(row[j]);
    return sum;
  }
  template <class Rows>
  void check_sizes(std::size_t parameters, const Rows& rows) const {
    const std::size_t count = rows.labels.size();
    BYZ_CHECK(parameters == dimension(), "a model has as many parameters as its dimension");
    BYZ_CHECK(rows.features.size() == count * features_,
              "examples hold the features of each of their labels");
    BYZ_CHECK(rows.targets.empty() || rows.targets.size() == count,
              "examples have as many targets as labels, or none");
  }
  template <class Real>
  double gradient_of(std::span<const Real> parameters, const Batch<Real>& batch,
                     std::span<Real> gradient) const;

  std::size_t features_;
};

template <class Real>
double LinearRegression::gradient_of(std::span<const Real> parameters, const Batch<Real>& batch,
                                     std::span<Real> gradient) const {
  check_sizes(parameters.size(), batch);
  BYZ_CHECK(batch.rows() >= 1 && gradient.size() == dimension(), "a mean loss needs an example");
  const auto count = double(batch.rows());
  std::vector<double> sums(dimension());
  double squares = 0;
  for (std::size_t row = 0; row < batch.rows(); ++row) {
    const auto x = std::span<const Real>(batch.features).subspan(row * features_, features_);
    const double difference =
        prediction(parameters, x) - target_of(row, batch.targets, batch.labels);
    squares += difference * difference;
    for (std::size_t j = 0; j < features_; ++j) sums[j] += difference * double(x[j]);
    sums[features_] += difference;
  }
  // Rounded once, after the mean.
  for (std::size_t j = 0; j < dimension(); ++j) gradient[j] = static_cast<Real>(sums[j] / count);
  return 0.5 * (squares / count);
}

Evaluation LinearRegression::evaluate(std::span<const float> parameters,
                                      const Examples& examples) const {
  check_sizes(parameters.size(), examples);
  if (examples.count() == 0) return {};
  std::vector<float> x(features_);
  double squares = 0;
  for (std::size_t row = 0; row < examples.count(); ++row) {
    examples.features.copy(row * features_, x);
    const double difference = prediction(parameters, std::span<const float>(x)) -
                              target_of(row, examples.targets, examples.labels);
    squares += difference * difference;
  }
  return {.loss = 0.5 * (squares / double(examples.count()))};
}

}  // namespace

ModelEntry linear_regression() {
  return {.declaration = {.name = "linear_regression",
                          .summary = "least squares on targets, or on labels as numbers; predicts "
                                     "no class",
                          .source = "Bishop, Pattern Recognition and Machine Learning (2006), 3.1"},
          .make = [](const Parameters&, DataShape data) -> std::unique_ptr<Model> {
            return std::make_unique<LinearRegression>(data.features);
          }};
}

}  // namespace byzsim::models_list
