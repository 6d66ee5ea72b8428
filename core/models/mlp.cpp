// The multi-layer perceptron. With 784 features, 10 classes and the default hidden layer it has
// 79,510 parameters: the network that experiments of this field call MNIST_CNN.
#include "core/models/cross_entropy.h"
#include "core/models/network.h"

namespace byzsim::models_list {
namespace {

std::unique_ptr<Model> make_mlp(const Parameters& parameters, DataShape data) {
  std::vector<std::size_t> widths = {data.features};
  for (const std::int64_t width : parameters.integers("hidden"))
    widths.push_back(static_cast<std::size_t>(width));
  widths.push_back(data.classes);
  const bool tanh = parameters.word("activation") == "tanh";
  return make_network(dense_stages(widths, tanh ? Activation::tanh : Activation::relu),
                      initialisation_of(parameters));
}

}  // namespace

ModelEntry mlp() {
  return {.declaration = {.name = "mlp",
                          .summary = "fully connected layers with an activation between them",
                          .source = "Rumelhart, Hinton and Williams, Nature 323 (1986); initial "
                                    "weights: Glorot and Bengio (2010), He et al. (2015)",
                          .parameters = {integers("hidden", {100}, 1, 65536,
                                                  "widths of the hidden layers, from the input on"),
                                         word("activation", {"relu", "tanh"},
                                              "what each hidden layer applies to its outputs"),
                                         initialisation(Initialisation::scaled_uniform)},
                          .aliases = {"fc_mnist"},
                          .presets = {{"fc_mnist", "initialisation", "torch"}}},
          .make = make_mlp,
          .problem = classes_missing};
}

}  // namespace byzsim::models_list
