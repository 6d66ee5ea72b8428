// eta_t = initial, multiplied by factor once for each milestone m <= t, one multiplication after
// the other.
#include "core/rates/rate.h"

namespace byzsim::rates_list {
namespace {

double milestones_rate(const Parameters& parameters, std::int64_t step) {
  double rate = parameters.real("initial");
  for (const std::int64_t milestone : parameters.integers("at"))
    if (milestone <= step) rate *= parameters.real("factor");
  return rate;
}

}  // namespace

RateEntry milestones() {
  return {
      .declaration =
          {.name = "milestones",
           .summary = "initial, multiplied by factor at each of the given steps",
           .source = "He et al., CVPR 2016, 4.2",
           .parameters = {real("initial", 0.1, 0, 3e38, "the learning rate of step 0").above_low(),
                          integers("at", {50, 75}, 1, kLargestInteger,
                                   "steps from which on the learning rate is lower, in any order"),
                          real("factor", 0.1, 0, 1, "factor of each reduction").above_low()}},
      .rate = milestones_rate};
}

}  // namespace byzsim::rates_list
