// Networks: layers one after another, each with an activation on its outputs, and softmax
// cross-entropy at the end. What softmax regression, the multi-layer perceptron and convolutional
// networks have in common. Parameters lie layer by layer from the input on, each layer's as
// dense.h and convolution.h say; a dense layer sees an image pixel by pixel (image_layout.h).
#pragma once

#include <array>
#include <memory>
#include <variant>
#include <vector>

#include "core/input/words.h"
#include "core/models/activation.h"
#include "core/models/convolution.h"
#include "core/models/dense.h"
#include "core/models/model.h"
#include "core/models/pooling.h"

namespace byzsim {

using Layer = std::variant<ConvolutionLayer, PoolLayer, DenseLayer>;

/// How many values a layer takes and gives for one row, and how many parameters it has.
std::size_t inputs_of(const Layer& layer);
std::size_t outputs_of(const Layer& layer);
std::size_t parameters_of(const Layer& layer);

/// A layer and what is applied to its outputs.
struct Stage {
  Layer layer;
  Activation activation = Activation::none;
};

/// How the parameters begin; biases at 0 where nothing else is stated.
enum class Initialisation {
  zeros,
  /// Uniform in +-sqrt(6 / inputs) where a ReLU follows, be it after pooling (He et al., ICCV
  /// 2015), and in +-sqrt(6 / (inputs + outputs)) elsewhere (Glorot and Bengio, AISTATS 2010); in a
  /// convolution inputs and outputs of one kernel.
  scaled_uniform,
  /// Uniform in +-sqrt(6 / (inputs + outputs)) everywhere.
  glorot,
  /// Weights and biases uniform in +-1 / sqrt(inputs): the default of PyTorch's layers, as we
  /// understand it.
  torch,
};

template <>
struct Words<Initialisation> {
  static constexpr std::array all = {"zeros", "scaled_uniform", "glorot", "torch"};
};

/// The parameter `initialisation` of a network that begins so where nothing is chosen, and its
/// value. It came later: at its default it is not written.
Parameter initialisation(Initialisation fallback);
Initialisation initialisation_of(const Parameters& parameters);

/// Dense layers of those widths (features, hidden layers, classes; at least two, none 0), with the
/// activation between them.
std::vector<Stage> dense_stages(const std::vector<std::size_t>& widths, Activation activation);

/// The last stage gives an output for each class, without an activation.
std::unique_ptr<Model> make_network(std::vector<Stage> stages, Initialisation initialisation);

}  // namespace byzsim
