#include "adversaries/attacks/attack.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft_zero(AttackInput<Real> input) {
  return std::vector<Real>(input.dimension(), Real(0));
}

}  // namespace

Attack zero() {
  return {.declaration = {.name = "zero",
                          .summary = "zero in every coordinate",
                          .source = "byzsim's own: partial_drop of every coordinate"},
          .uses_honest = false,
          .craft_float = craft_zero<float>,
          .craft_double = craft_zero<double>};
}

}  // namespace byzsim::attacks_list
