// The network for CIFAR-10 that experiments of this field use: with 3 x 32 x 32 pixels and 10
// classes it has 1,756,426 parameters.
#include "core/models/layer_list.h"

namespace byzsim::models_list {
namespace {

constexpr const char* kCifarNetLayers =
    "conv5x5x64 relu pool3/2 conv5x5x64 relu pool3/2 fc384 relu fc192 relu";

}  // namespace

ModelEntry cifarnet() {
  return {
      .declaration = {.name = "cifarnet",
                      .summary = "two convolutions of 64 channels and three dense layers, "
                                 "1,756,426 parameters on CIFAR-10",
                      .source = "TensorFlow-Slim's and the CIFAR-10 tutorial's network, without "
                                "their response normalisation",
                      .parameters = {initialisation(Initialisation::scaled_uniform)}},
      .make = [](const Parameters& parameters,
                 DataShape data) { return make_listed_network(kCifarNetLayers, data, parameters); },
      .problem = [](const Parameters&,
                    DataShape data) { return read_layers(kCifarNetLayers, data).mistake; }};
}

}  // namespace byzsim::models_list
