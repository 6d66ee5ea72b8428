#include <limits>

#include "adversaries/attacks/attack.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft_infinity(AttackInput<Real> input) {
  return std::vector<Real>(input.dimension(), std::numeric_limits<Real>::infinity());
}

}  // namespace

Attack infinity() {
  return {.declaration = {.name = "infinity",
                          .summary = "infinity in every coordinate",
                          .source = "ByzFL: Inf",
                          .aliases = {"Inf"}},
          .uses_honest = false,
          .craft_float = craft_infinity<float>,
          .craft_double = craft_infinity<double>};
}

}  // namespace byzsim::attacks_list
