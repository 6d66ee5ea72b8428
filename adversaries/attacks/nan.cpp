#include <limits>

#include "adversaries/attacks/attack.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft_nan(AttackInput<Real> input) {
  return std::vector<Real>(input.dimension(), std::numeric_limits<Real>::quiet_NaN());
}

}  // namespace

Attack nan() {
  return {
      .declaration =
          {.name = "nan",
           .summary = "NaN, which is not a number, in every coordinate",
           .source = "AggregaThor (Damaskinos et al., MLSys 2019), where lost packets leave NaN",
           .aliases = {"NaN"}},
      .uses_honest = false,
      .craft_float = craft_nan<float>,
      .craft_double = craft_nan<double>};
}

}  // namespace byzsim::attacks_list
