// eta_t = initial * factor^floor(t / every).
#include "core/rates/rate.h"

namespace byzsim::rates_list {
namespace {

/// By squaring: a few dozen multiplications however late the step, and the same bits everywhere,
/// which pow of the C library does not give.
double power(double factor, std::int64_t exponent) {
  double result = 1.0;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) result *= factor;
    factor *= factor;
  }
  return result;
}

double step_rate(const Parameters& parameters, std::int64_t step) {
  return parameters.real("initial") *
         power(parameters.real("factor"), step / parameters.integer("every"));
}

}  // namespace

RateEntry step() {
  return {
      .declaration =
          {.name = "step",
           .summary = "initial * factor^floor(t / every)",
           .source = "He et al., CVPR 2016, 3.4",
           .parameters = {real("initial", 0.1, 0, 3e38, "the learning rate of step 0").above_low(),
                          integer("every", 100, 1, kLargestInteger, "steps between two reductions"),
                          real("factor", 0.1, 0, 1, "factor of each reduction").above_low()}},
      .rate = step_rate};
}

}  // namespace byzsim::rates_list
