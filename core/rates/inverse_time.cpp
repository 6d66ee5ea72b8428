// eta_t = initial / (1 + t / scale): its sum diverges and the sum of its squares does not, which
// the convergence proofs of Byzantine SGD ask for.
#include "core/rates/rate.h"

namespace byzsim::rates_list {

RateEntry inverse_time() {
  return {
      .declaration =
          {.name = "inverse_time",
           .summary = "initial / (1 + t / scale)",
           .source = "Robbins and Monro, Ann. Math. Statist. 22 (1951)",
           .parameters = {real("initial", 0.1, 0, 3e38, "the learning rate of step 0").above_low(),
                          real("scale", 100, 0, kUnbounded,
                               "steps until the learning rate is halved")
                              .above_low()}},
      .rate = [](const Parameters& parameters, std::int64_t step) {
        return parameters.real("initial") /
               (1.0 + static_cast<double>(step) / parameters.real("scale"));
      }};
}

}  // namespace byzsim::rates_list
