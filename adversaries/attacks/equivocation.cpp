#include "adversaries/attacks/attack.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft_equivocation(AttackInput<Real> input) {
  const auto shift = static_cast<Real>(input.parameters.real("magnitude"));
  std::vector<Real> forged(input.own.begin(), input.own.end());
  // Opposite signs: the halves are drawn apart while the mean of the two stays the node's own
  // vector.
  for (Real& value : forged) value += input.half == 0 ? shift : -shift;
  return forged;
}

}  // namespace

Attack equivocation() {
  return {
      .declaration =
          {.name = "equivocation",
           .summary = "its own vector plus magnitude in every coordinate to the "
                      "first half of its receivers, minus it to the second",
           .source =
               "byzsim's own; Byzantine servers may equivocate in El-Mhamdi et al., PODC 2020, as "
               "we understand it",
           .parameters = {real("magnitude", 1000, 0, 1e30, "offset of every coordinate")}},
      .uses_honest = false,
      .craft_float = craft_equivocation<float>,
      .craft_double = craft_equivocation<double>,
      .per_half = true};
}

}  // namespace byzsim::attacks_list
