#include "adversaries/attacks/attack.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft_partial_drop(AttackInput<Real> input) {
  const double probability = input.parameters.real("probability");
  std::vector<Real> forged(input.own.begin(), input.own.end());
  for (Real& value : forged)
    // One draw a coordinate, whatever the probability: a larger one drops the same and more.
    if (input.stream.uniform() < probability) value = 0;
  return forged;
}

}  // namespace

Attack partial_drop() {
  return {.declaration = {.name = "partial_drop",
                          .summary =
                              "its own vector with every coordinate zeroed with some probability",
                          .source = "Garfield (Guerraoui et al., DSN 2021): drop, with 0.3",
                          .parameters = {real("probability", 0.3, 0, 1,
                                              "probability that a coordinate is zeroed")}},
          .uses_honest = false,
          .craft_float = craft_partial_drop<float>,
          .craft_double = craft_partial_drop<double>};
}

}  // namespace byzsim::attacks_list
