// ByzFL's network for CIFAR-10: with 3 x 32 x 32 pixels and 10 classes it has 2,324,630 parameters.
#include "core/models/layer_list.h"

namespace byzsim::models_list {
namespace {

constexpr const char* kByzflCifarLayers =
    "conv5x5x20 relu pool2/2 conv5x5x100 relu pool2/2 conv5x5x200 relu pool2/2 fc512 relu fc256 "
    "relu";

}  // namespace

ModelEntry cnn_cifar() {
  return {.declaration = {.name = "cnn_cifar",
                          .summary = "three convolutions of 20, 100 and 200 channels and three "
                                     "dense layers, 2,324,630 parameters on CIFAR-10",
                          .source = "ByzFL: cnn_cifar",
                          .parameters = {initialisation(Initialisation::torch)}},
          .make =
              [](const Parameters& parameters, DataShape data) {
                return make_listed_network(kByzflCifarLayers, data, parameters);
              },
          .problem = [](const Parameters&,
                        DataShape data) { return read_layers(kByzflCifarLayers, data).mistake; }};
}

}  // namespace byzsim::models_list
