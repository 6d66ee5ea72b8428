// A small convolutional network for MNIST: LeNet-5's widths with ReLU and max pooling, 107,786
// parameters with 28 x 28 pixels and 10 classes. What some experiments call MNIST_CNN is `mlp`.
#include "core/models/layer_list.h"

namespace byzsim::models_list {
namespace {

constexpr const char* kMnistCnnLayers =
    "conv5x5x6 relu pool2/2 conv5x5x16 relu pool2/2 fc120 relu fc84 relu";

}  // namespace

ModelEntry mnist_cnn() {
  return {
      .declaration = {.name = "mnist_cnn",
                      .summary = "LeNet-5's widths with ReLU and max pooling, 107,786 "
                                 "parameters on MNIST",
                      .source = "after LeCun, Bottou, Bengio and Haffner, Proc. IEEE 86 (1998)",
                      .parameters = {initialisation(Initialisation::scaled_uniform)}},
      .make = [](const Parameters& parameters,
                 DataShape data) { return make_listed_network(kMnistCnnLayers, data, parameters); },
      .problem = [](const Parameters&,
                    DataShape data) { return read_layers(kMnistCnnLayers, data).mistake; }};
}

}  // namespace byzsim::models_list
