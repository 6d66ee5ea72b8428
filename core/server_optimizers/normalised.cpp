#include <cmath>

#include "core/kernels/vector_kernels.h"
#include "core/server_optimizers/server_steps.h"

namespace byzsim::server_optimizers_list {

ServerOptimizer normalised() {
  return {.declaration = {.name = "normalised",
                          .summary = "x <- x + rate D / |D|; no step where |D| is 0 or not finite",
                          .source = "Byz-NSGDM, whose server normalises the aggregate",
                          .parameters = {server_rate(0.1)},
                          .aliases = {"normalized"}},
          .state_vectors = 0,
          .step = [](const Parameters& parameters, const ServerStep& step) {
            const double length = norm(step.update);
            if (length == 0 || !std::isfinite(length)) return;
            const double rate = parameters.real("rate") / length;
            for_each_coordinate(step, [&](std::size_t j) {
              step.model[j] =
                  static_cast<float>(double(step.model[j]) + rate * double(step.update[j]));
            });
          }};
}

}  // namespace byzsim::server_optimizers_list
