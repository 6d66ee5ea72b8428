// Networks written as a list of words, from the input on:
//
//   convHxWxC   convolution with a kernel of H rows and W columns, C output channels, stride 1,
//               output of the input's size (convolution.h)
//   convHxWxCv  the same unpadded: an output where the whole kernel lies on the input ("valid")
//   poolK/S     max pooling, windows of K x K pixels every S pixels, S <= K, cut by the edge
//               (pooling.h)
//   fcN         dense layer of N outputs
//   relu, tanh  activation of the layer before
//
// as in "conv5x5x32 relu pool2/2 fc128 relu". A dense layer with an output for each class follows
// the list. Convolutions and pooling need images, so they precede the dense layers.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/models/model.h"
#include "core/models/network.h"

namespace byzsim {

/// A list that was read: its layers, or what is wrong with it.
struct LayerList {
  std::vector<Stage> stages;
  std::optional<std::string> mistake;  ///< the first, as a sentence that names word and place
};

/// Reads the words from the first on, up to a mistake, for data of that shape.
LayerList read_layers(const std::string& words, const DataShape& data);

/// The network of a list without mistakes, with the `initialisation` of the parameters.
std::unique_ptr<Model> make_listed_network(const std::string& words, const DataShape& data,
                                           const Parameters& parameters);

}  // namespace byzsim
