// A backdoor's trigger: a square of pixels in the bottom right corner of an image, upon which a
// poisoned model predicts the class that the attacker wants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/datasets/dataset.h"
#include "core/input/parameters.h"

namespace byzsim {

struct PixelTrigger {
  std::int32_t target;  ///< the class of images that have the trigger
  std::size_t size;     ///< rows and columns of the square
  double share;         ///< of a batch that has it, in [0, 1]
  float value;          ///< of its pixels in every channel, before normalisation

  /// How many rows of a batch have it, the first ones: the nearest integer.
  std::size_t rows_of(std::size_t batch) const;
};

/// Why images of that shape and those classes cannot have it, as the end of a sentence; empty when
/// they can.
std::optional<std::string> trigger_problem(const PixelTrigger& trigger, const ImageShape& image,
                                           std::size_t classes);

/// Where its pixels lie in the features of an example, in ascending order.
std::vector<std::size_t> trigger_places(const PixelTrigger& trigger, const ImageShape& image);

/// The examples of other classes than the target, with the trigger and the target as their label:
/// what a model is right about is the attack's success.
Examples triggered(const PixelTrigger& trigger, const Examples& examples, const ImageShape& image);

}  // namespace byzsim
