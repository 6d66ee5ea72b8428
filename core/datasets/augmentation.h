// Training images changed at random each time they are drawn, so that a model sees more of them
// than there are.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/datasets/dataset.h"
#include "core/exact/random.h"
#include "core/input/issue.h"

namespace byzsim {

/// Left becomes right with probability 1/2.
struct Flip {};
/// `padding` zeros are put around the image, and a window of the image's size is cut out, each of
/// the (2 padding + 1)^2 places being equally likely.
struct Crop {
  std::size_t padding;
};
using Augmentation = std::variant<Flip, Crop>;

/// flip, crop.
const std::vector<Declaration>& augmentations();

/// What is wrong with the list for such images, at the JSON pointer `where` or below it.
std::optional<Issue> augmentation_problem(const std::vector<Choice>& choices,
                                          const ImageShape& image, const std::string& where);

std::vector<Augmentation> make_augmentations(const std::vector<Choice>& choices);

/// Changes one image in place, in the order of the list. `zeros` has the value of a pixel that is 0
/// before normalisation, for each channel. How much is drawn does not depend on the image.
void augment(const std::vector<Augmentation>& list, const ImageShape& image,
             std::span<const float> zeros, Stream& stream, std::span<float> values);

}  // namespace byzsim
