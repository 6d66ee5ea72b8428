#include "core/server_optimizers/server_steps.h"

namespace byzsim::server_optimizers_list {

ServerOptimizer momentum() {
  return {.declaration = {.name = "momentum",
                          .summary = "v <- beta v + D, x <- x + rate v",
                          .source = "FedAvgM as in Flower",
                          .parameters = {server_rate(1),
                                         decay_factor("beta", 0.9, "what is kept of v")},
                          .aliases = {"FedAvgM"}},
          .state_vectors = 1,
          .step = [](const Parameters& parameters, const ServerStep& step) {
            const double rate = parameters.real("rate"), beta = parameters.real("beta");
            const std::span<float> v = step.state[0];
            for_each_coordinate(step, [&](std::size_t j) {
              v[j] = static_cast<float>(beta * double(v[j]) + double(step.update[j]));
              step.model[j] = static_cast<float>(double(step.model[j]) + rate * double(v[j]));
            });
          }};
}

}  // namespace byzsim::server_optimizers_list
