// What a network computes on the way through its layers and back, for some rows at once. Made for
// one call, and all of it allocated at once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/models/network.h"

namespace byzsim {

/// All buffers of one pass. What a buffer holds is known from the calls alone: begin, then forward
/// of every stage in order, then backward in reverse.
template <class Real>
class Workspace {
 public:
  /// For at most `rows` rows through those stages, which must outlive it.
  Workspace(const std::vector<Stage>& stages, std::size_t rows);

  std::size_t rows() const { return rows_; }
  /// How many rows the next pass has; at most as many as it was made for.
  void set_rows(std::size_t rows) { rows_ = rows; }

  /// Sets the rows' features, an image plane by plane; they must stay until the end.
  void begin(const Real* features);
  /// Writes a stage's outputs from those of the stage before.
  void forward(std::size_t stage, const Real* parameters);
  /// Writes the derivatives by a stage's parameters; its outputs hold, and those of the stage
  /// before will hold, the derivatives by what they were before their activation.
  void backward(std::size_t stage, const Real* parameters, Real* gradient);
  /// The outputs of the last stage.
  std::span<Real> outputs() { return outputs(stages_.size() - 1); }

 private:
  std::span<Real> outputs(std::size_t stage) {
    return {outputs_[stage], rows_ * outputs_of(stages_[stage].layer)};
  }
  const Real* input_of(std::size_t stage) const {
    return stage == 0 ? features_ : outputs_[stage - 1];
  }
  void backward_through(const Layer& layer, std::size_t stage, const Real* parameters,
                        Real* input_gradient);

  const std::vector<Stage>& stages_;
  std::size_t rows_;
  std::unique_ptr<Real[]> values_;
  const Real* features_ = nullptr;
  Real* images_ = nullptr;                         // the features pixel by pixel
  Real* activated_ = nullptr;                      // derivatives by activated outputs
  std::vector<Real*> outputs_;                     // of each stage
  std::vector<std::vector<std::uint32_t>> taken_;  // of each pooling stage
  ConvolutionScratch<Real> scratch_;
};

/// The images a layer takes; null for a dense layer.
inline const ImageShape* image_of(const Layer& layer) {
  if (const auto* convolution = std::get_if<ConvolutionLayer>(&layer)) return &convolution->input;
  if (const auto* pool = std::get_if<PoolLayer>(&layer)) return &pool->input;
  return nullptr;
}

template <class Real>
Workspace<Real>::Workspace(const std::vector<Stage>& stages, std::size_t rows)
    : stages_(stages), rows_(rows), taken_(stages.size()) {
  // Only a first layer of images needs its features in another order.
  const std::size_t image = image_of(stages[0].layer) ? rows * inputs_of(stages[0].layer) : 0;
  std::size_t total = image, widest = 0;
  for (std::size_t i = 0; i < stages.size(); ++i) {
    const std::size_t outputs = rows * outputs_of(stages[i].layer);
    total += outputs;
    if (stages[i].activation != Activation::none) widest = std::max(widest, outputs);
    if (std::holds_alternative<PoolLayer>(stages[i].layer)) taken_[i].resize(outputs);
  }
  // Not set to 0: every value is written before it is read.
  values_ = std::make_unique_for_overwrite<Real[]>(total + widest);
  images_ = values_.get();
  // One room for all stages: only one is on its way back at a time.
  activated_ = values_.get() + total;
  Real* next = images_ + image;
  for (const Stage& stage : stages) {
    outputs_.push_back(next);
    next += rows * outputs_of(stage.layer);
  }
}

template <class Real>
void Workspace<Real>::begin(const Real* features) {
  const ImageShape* image = image_of(stages_[0].layer);
  features_ = image == nullptr ? features : images_;
  if (image != nullptr) gather_channels(*image, features, rows_, images_);
}

template <class Real>
void Workspace<Real>::forward(std::size_t stage, const Real* parameters) {
  const Layer& layer = stages_[stage].layer;
  const Real* input = input_of(stage);
  Real* output = outputs_[stage];
  if (const auto* dense = std::get_if<DenseLayer>(&layer))
    dense_forward(*dense, parameters, input, rows_, output);
  else if (const auto* pool = std::get_if<PoolLayer>(&layer))
    pool_forward(*pool, input, rows_, output, taken_[stage].data());
  else
    convolution_forward(std::get<ConvolutionLayer>(layer), parameters, input, rows_, output,
                        scratch_);
  // In place: what stood there before is not needed again.
  activate(stages_[stage].activation, outputs(stage));
}

template <class Real>
void Workspace<Real>::backward(std::size_t stage, const Real* parameters, Real* gradient) {
  const Layer& layer = stages_[stage].layer;
  if (const auto* dense = std::get_if<DenseLayer>(&layer))
    dense_gradient(*dense, input_of(stage), outputs_[stage], rows_, gradient);
  else if (const auto* convolution = std::get_if<ConvolutionLayer>(&layer))
    convolution_gradient(*convolution, input_of(stage), outputs_[stage], rows_, gradient, scratch_);
  // Nobody asks for derivatives by the features.
  if (stage == 0) return;
  const Activation before = stages_[stage - 1].activation;
  // Straight into the outputs of the stage before: without an activation nothing else needs them.
  if (before == Activation::none)
    return backward_through(layer, stage, parameters, outputs_[stage - 1]);
  backward_through(layer, stage, parameters, activated_);
  const std::span<Real> values = outputs(stage - 1);
  // From the activated outputs, which the derivatives by what they were before take the place of.
  differentiate(before, std::span<const Real>(activated_, values.size()), values);
}

template <class Real>
void Workspace<Real>::backward_through(const Layer& layer, std::size_t stage,
                                       const Real* parameters, Real* input_gradient) {
  const Real* gradient = outputs_[stage];
  if (const auto* dense = std::get_if<DenseLayer>(&layer))
    dense_input_gradient(*dense, parameters, gradient, rows_, input_gradient);
  else if (const auto* pool = std::get_if<PoolLayer>(&layer))
    pool_input_gradient(*pool, gradient, taken_[stage].data(), rows_, input_gradient);
  else
    convolution_input_gradient(std::get<ConvolutionLayer>(layer), parameters, gradient, rows_,
                               input_gradient, scratch_);
}

}  // namespace byzsim
