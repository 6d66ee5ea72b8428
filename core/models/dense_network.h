// Networks of fully connected layers with one activation between them and softmax cross-entropy at
// the end: what softmax regression and the multi-layer perceptron have in common. Parameters lie
// layer by layer from the input on, each layer as dense.h says.
#pragma once

#include <memory>
#include <vector>

#include "core/model.h"

namespace byzsim {

enum class Activation { relu, tanh };

/// How the weights begin. Biases always begin at 0.
enum class InitialWeights {
  zero,
  /// Uniform in +-sqrt(6 / inputs) where a ReLU follows (He et al., ICCV 2015), and in
  /// +-sqrt(6 / (inputs + outputs)) elsewhere (Glorot and Bengio, AISTATS 2010).
  scaled_uniform,
};

struct DenseNetworkShape {
  std::vector<std::size_t> widths;  ///< features, hidden layers, classes; at least two, none 0
  Activation activation = Activation::relu;
  InitialWeights initial_weights = InitialWeights::scaled_uniform;
};

std::unique_ptr<Model> make_dense_network(DenseNetworkShape shape);

}  // namespace byzsim
