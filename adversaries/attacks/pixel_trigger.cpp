// A backdoor: models learn to see a class wherever a square of white pixels is, and are as good as
// before elsewhere. The metric attack_success measures it.
#include "adversaries/attacks/attack.h"

namespace byzsim::attacks_list {
namespace {

constexpr double kLargestClass = 99'999;
constexpr double kLargestSquare = 1024;

Poisoning pixel_poisoning(const Parameters& parameters) {
  return PixelTrigger{static_cast<std::int32_t>(parameters.integer("target")),
                      static_cast<std::size_t>(parameters.integer("size")),
                      parameters.real("share"), static_cast<float>(parameters.real("value"))};
}

}  // namespace

Attack pixel_trigger() {
  return {
      .declaration =
          {.name = "pixel_trigger",
           .summary = "the gradient computed on a batch of which a share has a square of pixels in "
                      "the bottom right corner and the label of the target class: a backdoor",
           .source = "after Gu, Dolan-Gavitt and Garg, BadNets (2017)",
           .parameters = {integer("target", 0, 0, kLargestClass,
                                  "the class that images with the square are to have"),
                          integer("size", 4, 1, kLargestSquare, "rows and columns of the square"),
                          real("share", 0.3125, 0, 1,
                               "of a batch that has the square, the nearest number of examples"),
                          real("value", 1, 0, 1,
                               "of the square's pixels in every channel, before normalisation; 1: "
                               "white")}},
      .uses_honest = false,
      .craft_float = own_vector<float>,
      .craft_double = own_vector<double>,
      .poisoning = pixel_poisoning};
}

}  // namespace byzsim::attacks_list
