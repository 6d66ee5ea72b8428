#include "adversaries/attacks/mean_shift.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft_min_max(AttackInput<Real> input) {
  return shifted_mean(input, SpreadMeasure::largest);
}

}  // namespace

Attack min_max() {
  return {
      .declaration = {.name = "min_max",
                      .summary = "the mean of the visible honest vectors, shifted until its "
                                 "largest distance to them is their largest distance to each other",
                      .source = "Min-Max (Shejwalkar and Houmansadr, NDSS 2021), with the exact "
                                "shift where their code searches for it",
                      .parameters = {direction_parameter()},
                      .aliases = {"Min-Max", "MinMax"}},
      .uses_honest = true,
      .craft_float = craft_min_max<float>,
      .craft_double = craft_min_max<double>};
}

}  // namespace byzsim::attacks_list
