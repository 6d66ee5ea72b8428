#include "adversaries/attacks/mean_shift.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft_min_sum(AttackInput<Real> input) {
  return shifted_mean(input, SpreadMeasure::sum_of_squares);
}

}  // namespace

Attack min_sum() {
  return {
      .declaration = {.name = "min_sum",
                      .summary =
                          "the mean of the visible honest vectors, shifted until its sum of "
                          "squared distances to them is the largest such sum of an honest vector",
                      .source =
                          "Min-Sum (Shejwalkar and Houmansadr, NDSS 2021), as we understand it, "
                          "with the exact shift; the code released with it searches for the "
                          "shift, and takes the least sum of an honest vector",
                      .parameters = {direction_parameter()},
                      .aliases = {"Min-Sum", "MinSum"}},
      .uses_honest = true,
      .craft_float = craft_min_sum<float>,
      .craft_double = craft_min_sum<double>};
}

}  // namespace byzsim::attacks_list
