#include "core/models/dense_network.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/check.h"
#include "core/models/cross_entropy.h"
#include "core/models/dense.h"
#include "core/portable_math.h"

namespace byzsim {
namespace {

/// Rows evaluated at once: enough for the products' full speed, few enough for the cache.
constexpr std::size_t kEvaluationRows = 256;

/// NaN stays NaN.
template <class Real>
void activate(Activation activation, std::span<Real> values) {
  if (activation == Activation::relu) {
    for (Real& value : values) value = Real{0} > value ? Real{0} : value;
  } else {
    for (Real& value : values) value = static_cast<Real>(portable::tanh(value));
  }
}

/// Replaces activated values by the derivatives by what they were before, given those by
/// themselves.
template <class Real>
void differentiate(Activation activation, std::span<const Real> gradient, std::span<Real> values) {
  if (activation == Activation::relu) {
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = values[i] <= Real{0} ? Real{0} : gradient[i];
  } else {
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = gradient[i] * (Real{1} - values[i] * values[i]);
  }
}

class DenseNetwork final : public Model {
 public:
  explicit DenseNetwork(DenseNetworkShape shape) : shape_(std::move(shape)) {
    BYZ_CHECK(shape_.widths.size() >= 2, "a network has inputs and outputs");
    for (std::size_t i = 0; i + 1 < shape_.widths.size(); ++i) {
      const DenseLayer layer{shape_.widths[i], shape_.widths[i + 1]};
      BYZ_CHECK(layer.inputs > 0 && layer.outputs > 0, "no layer of a network is empty");
      layers_.push_back(layer);
      starts_.push_back(dimension_);
      dimension_ += layer.parameters();
      widest_ = std::max(widest_, layer.outputs);
    }
  }

  std::size_t dimension() const override { return dimension_; }
  void initialize(Stream stream, std::span<float> parameters) const override;
  double gradient(std::span<const float> parameters, const Batch<float>& batch,
                  std::span<float> gradient) const override {
    return gradient_of<float>(parameters, batch, gradient);
  }
  double gradient(std::span<const double> parameters, const Batch<double>& batch,
                  std::span<double> gradient) const override {
    return gradient_of<double>(parameters, batch, gradient);
  }
  Evaluation evaluate(std::span<const float> parameters, std::span<const float> features,
                      std::span<const std::int32_t> labels) const override;

 private:
  template <class Real>
  double gradient_of(std::span<const Real> parameters, const Batch<Real>& batch,
                     std::span<Real> gradient) const;
  /// The half-range within which a layer's weights begin.
  double initial_range(std::size_t layer) const;
  std::size_t features() const { return layers_.front().inputs; }

  DenseNetworkShape shape_;
  std::vector<DenseLayer> layers_;
  std::vector<std::size_t> starts_;  // of each layer's parameters
  std::size_t dimension_ = 0;
  std::size_t widest_ = 0;  // outputs of the widest layer
};

double DenseNetwork::initial_range(std::size_t layer) const {
  if (shape_.initial_weights == InitialWeights::zero) return 0;
  const bool relu_follows = layer + 1 < layers_.size() && shape_.activation == Activation::relu;
  const std::size_t inputs = layers_[layer].inputs, outputs = layers_[layer].outputs;
  return std::sqrt(6.0 / static_cast<double>(relu_follows ? inputs : inputs + outputs));
}

void DenseNetwork::initialize(Stream stream, std::span<float> parameters) const {
  BYZ_CHECK(parameters.size() == dimension_, "a model has as many parameters as its dimension");
  std::fill(parameters.begin(), parameters.end(), 0.0f);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const double range = initial_range(i);
    if (range == 0) continue;
    for (float& weight : parameters.subspan(starts_[i], layers_[i].weights()))
      weight = static_cast<float>(stream.uniform(-range, range));
  }
}

template <class Real>
double DenseNetwork::gradient_of(std::span<const Real> parameters, const Batch<Real>& batch,
                                 std::span<Real> gradient) const {
  const std::size_t rows = batch.rows(), last = layers_.size() - 1;
  BYZ_CHECK(parameters.size() == dimension_ && gradient.size() == dimension_,
            "a model has as many parameters as its dimension");
  BYZ_CHECK(rows >= 1 && batch.features.size() == rows * features(),
            "a batch holds the features of each of its labels");

  std::vector<std::vector<Real>> outputs(layers_.size());
  const auto input_of = [&](std::size_t i) {
    return i == 0 ? batch.features.data() : outputs[i - 1].data();
  };
  for (std::size_t i = 0; i <= last; ++i) {
    outputs[i].resize(rows * layers_[i].outputs);
    dense_forward(layers_[i], &parameters[starts_[i]], input_of(i), rows, outputs[i].data());
    if (i < last) activate(shape_.activation, std::span<Real>(outputs[i]));
  }
  const double loss = cross_entropy_gradient(std::span<Real>(outputs[last]), batch.labels);

  // From here on outputs[i] turns into the derivatives by layer i's outputs, from the last on.
  std::vector<Real> activated_gradient(last == 0 ? 0 : rows * widest_);
  for (std::size_t i = last;; --i) {
    dense_gradient(layers_[i], input_of(i), outputs[i].data(), rows, &gradient[starts_[i]]);
    if (i == 0) return loss;
    dense_input_gradient(layers_[i], &parameters[starts_[i]], outputs[i].data(), rows,
                         activated_gradient.data());
    differentiate(shape_.activation, std::span<const Real>(activated_gradient),
                  std::span<Real>(outputs[i - 1]));
  }
}

Evaluation DenseNetwork::evaluate(std::span<const float> parameters,
                                  std::span<const float> features_of_rows,
                                  std::span<const std::int32_t> labels) const {
  BYZ_CHECK(parameters.size() == dimension_, "a model has as many parameters as its dimension");
  BYZ_CHECK(features_of_rows.size() == labels.size() * features(),
            "examples hold the features of each of their labels");
  Evaluation evaluation;
  std::vector<float> input(kEvaluationRows * widest_), output(kEvaluationRows * widest_);
  for (std::size_t begin = 0; begin < labels.size(); begin += kEvaluationRows) {
    const std::size_t rows = std::min(kEvaluationRows, labels.size() - begin);
    const float* source = &features_of_rows[begin * features()];
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      dense_forward(layers_[i], &parameters[starts_[i]], source, rows, output.data());
      if (i + 1 == layers_.size()) break;
      activate(shape_.activation, std::span<float>(output.data(), rows * layers_[i].outputs));
      input.swap(output);
      source = input.data();
    }
    add_to_evaluation(std::span<const float>(output.data(), rows * layers_.back().outputs),
                      labels.subspan(begin, rows), evaluation);
  }
  if (evaluation.total > 0) evaluation.loss /= static_cast<double>(evaluation.total);
  return evaluation;
}

}  // namespace

std::unique_ptr<Model> make_dense_network(DenseNetworkShape shape) {
  return std::make_unique<DenseNetwork>(std::move(shape));
}

}  // namespace byzsim
