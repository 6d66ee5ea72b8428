// eta_t = initial.
#include "core/rates/rate.h"

namespace byzsim::rates_list {

RateEntry constant() {
  return {.declaration =
              {.name = "constant",
               .summary = "the same learning rate at every step",
               .source = "Bottou, Curtis and Nocedal, SIAM Review 60 (2018), 4.2",
               .parameters = {real("initial", 0.1, 0, 3e38, "the learning rate").above_low()},
               .number = "initial"},
          .rate = [](const Parameters& parameters, std::int64_t) {
            return parameters.real("initial");
          }};
}

}  // namespace byzsim::rates_list
