// Nothing is forged: two copies of a correct node share one identity, and the network is split so
// that each half of the nodes hears one of them. The two part as soon as they have heard different
// quorums, and the identity equivocates between two things that a correct node would have said.
#include "adversaries/attack.h"
#include "core/units.h"

namespace byzsim::attacks_list {

Attack twins() {
  return {.declaration = {.name = "twins",
                          .summary =
                              "two correct nodes under one identity, each heard by one half of the "
                              "nodes, and hearing the other half later",
                          .source = "Bano et al., Twins: BFT systems made robust, OPODIS 2021",
                          .parameters = {duration(
                              "later", kMillisecond, 0, kLongestDuration,
                              "how much later each hears what the other's half says")}},
          .uses_honest = false,
          .craft_float = own_vector<float>,
          .craft_double = own_vector<double>,
          .twins = true};
}

}  // namespace byzsim::attacks_list
