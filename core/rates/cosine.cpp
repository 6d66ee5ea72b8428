// eta_t = final + (initial - final) (1 + cos(pi t / steps)) / 2, and final from t = steps on.
#include <numbers>

#include "core/exact/portable_math.h"
#include "core/rates/rate.h"

namespace byzsim::rates_list {
namespace {

/// As a weighted mean, which gives the bits of `initial` at step 0.
double cosine_rate(const Parameters& parameters, std::int64_t step) {
  const std::int64_t steps = parameters.integer("steps");
  // Also keeps the argument of the cosine within pi.
  if (step >= steps) return parameters.real("final");
  const double turned = static_cast<double>(step) / static_cast<double>(steps);
  const double weight = (1 + portable::cos(std::numbers::pi * turned)) / 2;
  return weight * parameters.real("initial") + (1 - weight) * parameters.real("final");
}

}  // namespace

RateEntry cosine() {
  return {
      .declaration =
          {.name = "cosine",
           .summary = "from initial to final along half a period of the cosine: final + "
                      "(initial - final) (1 + cos(pi t / steps)) / 2",
           .source = "Loshchilov and Hutter, ICLR 2017 (SGDR), equation 5, without restarts",
           .parameters = {real("initial", 0.1, 0, 3e38, "the learning rate of step 0").above_low(),
                          real("final", 0, 0, 3e38, "the learning rate from step `steps` on"),
                          integer("steps", 100, 1, kLargestInteger,
                                  "steps until the learning rate is final")}},
      .rate = cosine_rate};
}

}  // namespace byzsim::rates_list
