// ByzFL's network for MNIST: with 28 x 28 pixels and 10 classes it has 431,080 parameters. Small
// images are refused, as its convolutions are unpadded.
#include "core/models/layer_list.h"

namespace byzsim::models_list {
namespace {

constexpr const char* kByzflMnistLayers =
    "conv5x5x20v relu pool2/2 conv5x5x50v relu pool2/2 fc500 relu";

}  // namespace

ModelEntry cnn_mnist() {
  return {.declaration = {.name = "cnn_mnist",
                          .summary = "two unpadded convolutions of 20 and 50 channels and two "
                                     "dense layers, 431,080 parameters on MNIST",
                          .source = "ByzFL: cnn_mnist",
                          .parameters = {initialisation(Initialisation::torch)}},
          .make =
              [](const Parameters& parameters, DataShape data) {
                return make_listed_network(kByzflMnistLayers, data, parameters);
              },
          .problem = [](const Parameters&,
                        DataShape data) { return read_layers(kByzflMnistLayers, data).mistake; }};
}

}  // namespace byzsim::models_list
