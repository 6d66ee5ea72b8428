// What tests ask of models: random batches and parameters in general position, gradients beside
// finite differences, and the same numbers at other addresses.
#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "core/models/model.h"

namespace byzsim::probes {

inline DataShape images(ImageShape image, std::size_t classes) {
  return {image.channels * image.height * image.width, classes, image};
}

/// Targets too, which only regressions use; labels are 0 without classes.
template <class Real>
Batch<Real> random_batch(DataShape shape, std::size_t rows) {
  Stream stream(11, Purpose::batch, 0, 0);
  Batch<Real> batch;
  for (std::size_t i = 0; i < rows * shape.features; ++i)
    batch.features.push_back(static_cast<Real>(static_cast<float>(stream.normal())));
  for (std::size_t i = 0; i < rows; ++i)
    batch.labels.push_back(
        shape.classes == 0 ? 0 : static_cast<std::int32_t>(stream.below(shape.classes)));
  for (std::size_t i = 0; i < rows; ++i)
    batch.targets.push_back(static_cast<Real>(static_cast<float>(stream.normal())));
  return batch;
}

inline Examples examples_of(const Batch<float>& batch) {
  return {batch.features, batch.labels, batch.targets};
}

/// Parameters in general position: no bias is 0.
template <class Real>
std::vector<Real> random_parameters(const Model& model) {
  Stream stream(12, Purpose::initial_model, 0, 0);
  std::vector<Real> parameters(model.dimension());
  for (Real& parameter : parameters)
    parameter = static_cast<Real>(static_cast<float>(0.4 * stream.normal()));
  return parameters;
}

/// The model's own start, moved a little into general position: fit for layers of any width.
template <class Real>
std::vector<Real> moved_start(const Model& model) {
  Stream stream(13, Purpose::initial_model, 0, 0);
  std::vector<float> start(model.dimension());
  model.initialize(Stream(1, Purpose::initial_model, 0, 0), start);
  std::vector<Real> parameters;
  for (const float value : start)
    parameters.push_back(static_cast<Real>(value + static_cast<float>(0.02 * stream.normal())));
  return parameters;
}

template <class Real>
double gradient_at(const Model& model, const std::vector<Real>& parameters,
                   const Batch<Real>& batch, std::vector<Real>& gradient) {
  gradient.resize(model.dimension());
  return model.gradient(std::span<const Real>(parameters), batch, std::span<Real>(gradient));
}

inline double loss_at(const Model& model, const std::vector<float>& parameters,
                      const Batch<float>& batch) {
  return model.evaluate(parameters, examples_of(batch)).loss;
}

/// |a - b| / (|a| + |b|) in the Euclidean norm.
template <class A, class B>
double relative_difference(const std::vector<A>& a, const std::vector<B>& b) {
  double difference = 0, a_norm = 0, b_norm = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference += (a[i] - b[i]) * (a[i] - b[i]);
    a_norm += a[i] * a[i];
    b_norm += b[i] * b[i];
  }
  return std::sqrt(difference) / (std::sqrt(a_norm) + std::sqrt(b_norm));
}

/// Of the gradient at `parameters`, at most `most` coordinates spread over all of them.
inline double finite_difference_error(const Model& model, const Batch<double>& batch,
                                      std::vector<double> parameters, std::size_t most = 400,
                                      double step = 1e-5) {
  std::vector<double> gradient, ignored, derivatives, differences;
  gradient_at(model, parameters, batch, gradient);
  const std::size_t stride = (parameters.size() + most - 1) / most;
  for (std::size_t i = 0; i < parameters.size(); i += stride) {
    const double value = parameters[i];
    parameters[i] = value + step;
    const double above = gradient_at(model, parameters, batch, ignored);
    parameters[i] = value - step;
    const double below = gradient_at(model, parameters, batch, ignored);
    parameters[i] = value;
    derivatives.push_back(gradient[i]);
    differences.push_back((above - below) / (2 * step));
  }
  return relative_difference(derivatives, differences);
}

/// The gradients in float and in double at the model's moved start.
inline double float_gradient_error(const Model& model, DataShape shape, std::size_t rows) {
  std::vector<float> single;
  std::vector<double> exact;
  gradient_at(model, moved_start<float>(model), random_batch<float>(shape, rows), single);
  gradient_at(model, moved_start<double>(model), random_batch<double>(shape, rows), exact);
  return relative_difference(single, exact);
}

/// Room for values that begin `offset` of them after a 64-byte boundary.
template <class Real>
class Shifted {
 public:
  Shifted(const std::vector<Real>& values, std::size_t offset) : storage_(values.size() + 64) {
    void* start = storage_.data();
    std::size_t space = storage_.size() * sizeof(Real);
    data_ = static_cast<Real*>(std::align(64, sizeof(Real), start, space)) + offset % 16;
    std::copy(values.begin(), values.end(), data_);
  }
  Real* data() const { return data_; }

 private:
  std::vector<Real> storage_;
  Real* data_;
};

/// Gradient and loss with parameters and gradient shifted by `offset` floats from a 64-byte
/// boundary.
inline std::vector<float> gradient_at_offset(const Model& model, const Batch<float>& batch,
                                             std::size_t offset) {
  const std::size_t d = model.dimension();
  Shifted<float> parameters(moved_start<float>(model), offset);
  Shifted<float> gradient(std::vector<float>(d), 3 * offset);
  const double loss = model.gradient(std::span<const float>(parameters.data(), d), batch,
                                     std::span<float>(gradient.data(), d));
  std::vector<float> result(gradient.data(), gradient.data() + d);
  result.push_back(static_cast<float>(loss));
  return result;
}

}  // namespace byzsim::probes
