// Convolutional networks written as a list of layers.
#include "core/models/layer_list.h"

namespace byzsim::models_list {

ModelEntry cnn() {
  return {.declaration =
              {.name = "cnn",
               .summary = "convolutions, pooling and dense layers, given as a list",
               .source = "LeCun, Bottou, Bengio and Haffner, Proc. IEEE 86 (1998); "
                         "initial weights: Glorot and Bengio (2010), He et al. (2015)",
               .parameters =
                   {text("layers", "conv5x5x32 relu pool2/2 conv5x5x64 relu pool2/2 fc128 relu",
                         "layers from the input on: convHxWxC (kernel height, width, output "
                         "channels; convHxWxCv: unpadded), poolK/S (window, stride), fcN (dense), "
                         "relu or tanh after a layer; a dense layer to the classes follows"),
                    initialisation(Initialisation::scaled_uniform)}},
          .make =
              [](const Parameters& parameters, DataShape data) {
                return make_listed_network(parameters.text("layers"), data, parameters);
              },
          .problem =
              [](const Parameters& parameters, DataShape data) {
                return read_layers(parameters.text("layers"), data).mistake;
              }};
}

}  // namespace byzsim::models_list
