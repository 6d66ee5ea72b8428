// Nothing is forged: two copies of an honest node share one identity, and the network is split so
// that each half of the nodes hears one of them. The two part as soon as they have heard different
// quorums, and the identity equivocates between two things that an honest node would have forged.
#include "adversaries/attacks/attack.h"
#include "core/input/units.h"

namespace byzsim::attacks_list {

Attack twins() {
  return {.declaration = {.name = "twins",
                          .summary = "two honest nodes with one identity: each sends to one half "
                                     "of the nodes and receives from the other half late",
                          .source = "Bano et al., Twins: BFT systems made robust, OPODIS 2021",
                          .parameters = {duration(
                              "later", kMillisecond, 0, kLongestDuration,
                              "additional delay of messages from the other twin's half")}},
          .uses_honest = false,
          .craft_float = own_vector<float>,
          .craft_double = own_vector<double>,
          .twins = true};
}

}  // namespace byzsim::attacks_list
