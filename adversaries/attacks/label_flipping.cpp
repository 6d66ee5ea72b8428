#include "adversaries/attack.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft(AttackInput<Real> input) {
  return {input.own.begin(), input.own.end()};
}

}  // namespace

Attack label_flipping() {
  return {
      .declaration = {.name = "label_flipping",
                      .summary =
                          "its own vector, computed on labels c that are called classes - 1 - c",
                      .source = "Tolpegin et al., ESORICS 2020; ByzFL flips at the honest workers, "
                                "because its Byzantine ones hold no data",
                      .aliases = {"LabelFlipping", "label_flip"}},
      .uses_honest = false,
      .craft_float = craft<float>,
      .craft_double = craft<double>,
      .flips_labels = true};
}

}  // namespace byzsim::attacks_list
