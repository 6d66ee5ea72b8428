#include "adversaries/attacks/attack.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft_reversed(AttackInput<Real> input) {
  const Real factor = static_cast<Real>(-input.parameters.real("factor"));
  std::vector<Real> forged(input.own.begin(), input.own.end());
  for (Real& value : forged) value *= factor;
  return forged;
}

}  // namespace

Attack reversed() {
  return {.declaration = {.name = "reversed",
                          .summary = "-factor times its own vector",
                          .source = "Garfield (Guerraoui et al., DSN 2021): reverse, factor 100",
                          .parameters = {real("factor", 100, 0, 1e12,
                                              "how many times longer than the honest vector")},
                          .aliases = {"reverse"}},
          .uses_honest = false,
          .craft_float = craft_reversed<float>,
          .craft_double = craft_reversed<double>};
}

}  // namespace byzsim::attacks_list
