#include "adversaries/attacks/attack.h"

namespace byzsim::attacks_list {

Attack label_flipping() {
  return {
      .declaration = {.name = "label_flipping",
                      .summary = "the gradient computed with labels flipped, c -> classes - 1 - c",
                      .source = "Tolpegin et al., ESORICS 2020; ByzFL flips at the honest workers, "
                                "because its Byzantine nodes have no data",
                      .aliases = {"LabelFlipping", "label_flip"}},
      .uses_honest = false,
      .craft_float = own_vector<float>,
      .craft_double = own_vector<double>,
      .poisoning = [](const Parameters&) -> Poisoning { return FlippedLabels{}; }};
}

}  // namespace byzsim::attacks_list
