#include <cmath>

#include "core/server_optimizers/server_steps.h"

namespace byzsim::server_optimizers_list {

ServerOptimizer adam() {
  return {.declaration = {.name = "adam",
                          .summary = "m <- beta_1 m + (1-beta_1) D, v <- beta_2 v + (1-beta_2) "
                                     "D^2, x <- x + rate c m / (sqrt(v) + tau) with c = "
                                     "sqrt(1-beta_2^(r+1)) / (1-beta_1^(r+1)) in round r = 1, 2, "
                                     "...",
                          .source = "FedAdam as in Flower, whose exponents begin at 2",
                          .parameters = {server_rate(0.1),
                                         decay_factor("beta_1", 0.9, "what is kept of m"),
                                         decay_factor("beta_2", 0.99, "what is kept of v"),
                                         adaptivity(1e-9)},
                          .aliases = {"FedAdam"}},
          .state_vectors = 2,
          .step = [](const Parameters& parameters, const ServerStep& step) {
            const double one = parameters.real("beta_1"), two = parameters.real("beta_2");
            const double correction = std::sqrt(1 - whole_power(two, step.round + 1)) /
                                      (1 - whole_power(one, step.round + 1));
            const double rate = parameters.real("rate") * correction;
            const double tau = parameters.real("tau");
            const std::span<float> m = step.state[0], v = step.state[1];
            for_each_coordinate(step, [&](std::size_t j) {
              const double update = double(step.update[j]);
              m[j] = static_cast<float>(one * double(m[j]) + (1 - one) * update);
              v[j] = static_cast<float>(two * double(v[j]) + (1 - two) * update * update);
              step.model[j] = static_cast<float>(
                  double(step.model[j]) + rate * double(m[j]) / (std::sqrt(double(v[j])) + tau));
            });
          }};
}

}  // namespace byzsim::server_optimizers_list
