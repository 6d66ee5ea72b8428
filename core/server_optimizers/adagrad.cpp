#include <cmath>

#include "core/server_optimizers/server_steps.h"

namespace byzsim::server_optimizers_list {

ServerOptimizer adagrad() {
  return {.declaration = {.name = "adagrad",
                          .summary = "v <- v + D^2, x <- x + rate D / (sqrt(v) + tau)",
                          .source = "FedAdagrad as in Flower",
                          .parameters = {server_rate(0.1), adaptivity(1e-9)},
                          .aliases = {"FedAdagrad"}},
          .state_vectors = 1,
          .step = [](const Parameters& parameters, const ServerStep& step) {
            const double rate = parameters.real("rate"), tau = parameters.real("tau");
            const std::span<float> v = step.state[0];
            for_each_coordinate(step, [&](std::size_t j) {
              const double update = double(step.update[j]);
              v[j] = static_cast<float>(double(v[j]) + update * update);
              step.model[j] = static_cast<float>(double(step.model[j]) +
                                                 rate * update / (std::sqrt(double(v[j])) + tau));
            });
          }};
}

}  // namespace byzsim::server_optimizers_list
