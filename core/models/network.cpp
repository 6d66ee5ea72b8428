// Layers in a row with one flat vector of parameters, which may hold any bits: it may come from
// Byzantine nodes.

#include "core/models/network.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/check.h"
#include "core/models/cross_entropy.h"
#include "core/models/workspace.h"

namespace byzsim {
namespace {

/// Rows evaluated at once: enough for the products' full speed, few enough for the cache.
constexpr std::size_t kEvaluationRows = 256;
constexpr std::size_t kEvaluationValues = 1 << 20;  // of one layer, as far as one row allows

class Network final : public Model {
 public:
  Network(std::vector<Stage> stages, Initialisation initialisation);

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
  double operations() const override;
  Evaluation evaluate(std::span<const float> parameters, const Examples& examples) const override;

 private:
  template <class Real>
  double gradient_of(std::span<const Real> parameters, const Batch<Real>& batch,
                     std::span<Real> gradient) const;
  /// Applies all stages to the rows, which begin at `features`.
  template <class Real>
  void forward(std::span<const Real> parameters, const Real* features,
               Workspace<Real>& workspace) const;
  /// The half-range within which a stage's parameters begin.
  double initial_range(std::size_t stage) const;
  std::size_t features() const { return inputs_of(stages_.front().layer); }
  std::size_t evaluation_rows() const;

  std::vector<Stage> stages_;
  Initialisation initialisation_;
  std::vector<std::size_t> starts_;  // of each stage's parameters
  std::size_t dimension_ = 0;
};

// Every weight of a kernel is used for each pixel of the output.
double Network::operations() const {
  double forward = 0;
  for (const Stage& stage : stages_)
    if (const auto* convolution = std::get_if<ConvolutionLayer>(&stage.layer))
      forward += double(convolution->weights()) * double(convolution->output().height) *
                 double(convolution->output().width);
    else
      forward += double(parameters_of(stage.layer));
  return 3 * forward;
}

Network::Network(std::vector<Stage> stages, Initialisation initialisation)
    : stages_(std::move(stages)), initialisation_(initialisation) {
  BYZ_CHECK(!stages_.empty(), "a network has layers");
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const Layer& layer = stages_[i].layer;
    BYZ_CHECK(inputs_of(layer) > 0 && outputs_of(layer) > 0, "no layer of a network is empty");
    BYZ_CHECK(i == 0 || inputs_of(layer) == outputs_of(stages_[i - 1].layer),
              "a layer takes the outputs of the one before");
    starts_.push_back(dimension_);
    dimension_ += parameters_of(layer);
  }
}

double Network::initial_range(std::size_t stage) const {
  const Layer& layer = stages_[stage].layer;
  if (initialisation_ == Initialisation::zeros) return 0;
  std::size_t last = stage;  // of the stages between these weights and the next activation
  // Pooling passes values on: what counts is the activation after it.
  while (stages_[last].activation == Activation::none && last + 1 < stages_.size() &&
         std::holds_alternative<PoolLayer>(stages_[last + 1].layer))
    ++last;
  std::size_t inputs = 0, outputs = 0;
  if (const auto* dense = std::get_if<DenseLayer>(&layer)) {
    inputs = dense->inputs;
    outputs = dense->outputs;
  } else if (const auto* convolution = std::get_if<ConvolutionLayer>(&layer)) {
    inputs = convolution->fan_in();
    outputs = convolution->fan_out();
  } else {
    return 0;
  }
  if (initialisation_ == Initialisation::torch) return 1 / std::sqrt(static_cast<double>(inputs));
  const bool relu_follows = initialisation_ == Initialisation::scaled_uniform &&
                            stages_[last].activation == Activation::relu;
  return std::sqrt(6.0 / static_cast<double>(relu_follows ? inputs : inputs + outputs));
}

void Network::initialize(Stream stream, std::span<float> parameters) const {
  BYZ_CHECK(parameters.size() == dimension_, "a model has as many parameters as its dimension");
  std::fill(parameters.begin(), parameters.end(), 0.0f);
  for (std::size_t i = 0; i < stages_.size(); ++i) {
    const double range = initial_range(i);
    // Without draws, so that a layer without weights moves those of no other layer.
    if (range == 0) continue;
    const std::size_t weights = std::visit(
        [](const auto& layer) -> std::size_t {
          if constexpr (requires { layer.weights(); }) return layer.weights();
          return 0;
        },
        stages_[i].layer);
    // The biases stand after the weights.
    const std::size_t drawn =
        initialisation_ == Initialisation::torch ? parameters_of(stages_[i].layer) : weights;
    for (float& parameter : parameters.subspan(starts_[i], drawn))
      parameter = static_cast<float>(stream.uniform(-range, range));
  }
}

template <class Real>
void Network::forward(std::span<const Real> parameters, const Real* features,
                      Workspace<Real>& workspace) const {
  workspace.begin(features);
  for (std::size_t i = 0; i < stages_.size(); ++i)
    workspace.forward(i, parameters.data() + starts_[i]);
}

template <class Real>
double Network::gradient_of(std::span<const Real> parameters, const Batch<Real>& batch,
                            std::span<Real> gradient) const {
  const std::size_t rows = batch.rows();
  BYZ_CHECK(parameters.size() == dimension_ && gradient.size() == dimension_,
            "a model has as many parameters as its dimension");
  BYZ_CHECK(rows >= 1 && batch.features.size() == rows * features(),
            "a batch holds the features of each of its labels");
  Workspace<Real> workspace(stages_, rows);
  forward(parameters, batch.features.data(), workspace);
  const double loss = cross_entropy_gradient(workspace.outputs(), batch.labels);
  // From the last: each stage overwrites the outputs of the one before with their derivatives.
  for (std::size_t i = stages_.size(); i-- > 0;)
    workspace.backward(i, parameters.data() + starts_[i], gradient.data() + starts_[i]);
  return loss;
}

std::size_t Network::evaluation_rows() const {
  std::size_t widest = 1;
  for (const Stage& stage : stages_) widest = std::max(widest, outputs_of(stage.layer));
  // At least one row, however wide a layer is.
  return std::clamp<std::size_t>(kEvaluationValues / widest, 1, kEvaluationRows);
}

Evaluation Network::evaluate(std::span<const float> parameters, const Examples& examples) const {
  BYZ_CHECK(parameters.size() == dimension_, "a model has as many parameters as its dimension");
  BYZ_CHECK(examples.features.size() == examples.count() * features(),
            "examples hold the features of each of their labels");
  Evaluation evaluation;
  const std::size_t most = std::min(evaluation_rows(), examples.count());
  Workspace<float> workspace(stages_, most);
  std::vector<float> rows(most * features());
  for (std::size_t begin = 0; begin < examples.count(); begin += most) {
    workspace.set_rows(std::min(most, examples.count() - begin));
    examples.features.copy(begin * features(),
                           std::span(rows).first(workspace.rows() * features()));
    forward(parameters, rows.data(), workspace);
    add_to_evaluation(
        workspace.outputs(),
        std::span<const std::int32_t>(examples.labels).subspan(begin, workspace.rows()),
        evaluation);
  }
  // A mean only here: parts have different numbers of rows.
  if (evaluation.total > 0) evaluation.loss /= static_cast<double>(evaluation.total);
  return evaluation;
}

}  // namespace

std::size_t inputs_of(const Layer& layer) {
  if (const auto* dense = std::get_if<DenseLayer>(&layer)) return dense->inputs;
  if (const auto* pool = std::get_if<PoolLayer>(&layer)) return size_of(pool->input);
  return size_of(std::get<ConvolutionLayer>(layer).input);
}

std::size_t outputs_of(const Layer& layer) {
  if (const auto* dense = std::get_if<DenseLayer>(&layer)) return dense->outputs;
  if (const auto* pool = std::get_if<PoolLayer>(&layer)) return size_of(pool->output());
  return size_of(std::get<ConvolutionLayer>(layer).output());
}

std::size_t parameters_of(const Layer& layer) {
  if (const auto* dense = std::get_if<DenseLayer>(&layer)) return dense->parameters();
  if (const auto* convolution = std::get_if<ConvolutionLayer>(&layer))
    return convolution->parameters();
  return 0;
}

std::vector<Stage> dense_stages(const std::vector<std::size_t>& widths, Activation activation) {
  BYZ_CHECK(widths.size() >= 2, "a network has inputs and outputs");
  std::vector<Stage> stages;
  for (std::size_t i = 0; i + 1 < widths.size(); ++i)
    stages.push_back({DenseLayer{widths[i], widths[i + 1]},
                      i + 2 < widths.size() ? activation : Activation::none});
  return stages;
}

Parameter initialisation(Initialisation fallback) {
  std::vector<std::string> words = words_of<Initialisation>();
  // The first is the default.
  std::rotate(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(fallback),
              words.begin() + static_cast<std::ptrdiff_t>(fallback) + 1);
  return word("initialisation", words,
              "how the parameters begin: at 0; weights uniform by the activation that follows (He "
              "or Glorot) or by Glorot everywhere, biases at 0; or weights and biases uniform in "
              "+-1/sqrt(inputs), PyTorch's default as we understand it")
      .omitted_at_default();
}

Initialisation initialisation_of(const Parameters& parameters) {
  return from_word<Initialisation>(parameters.word("initialisation"))
      .value_or(Initialisation::scaled_uniform);
}

std::unique_ptr<Model> make_network(std::vector<Stage> stages, Initialisation initialisation) {
  return std::make_unique<Network>(std::move(stages), initialisation);
}

}  // namespace byzsim
