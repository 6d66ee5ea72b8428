#include <cmath>

#include "core/server_optimizers/server_steps.h"

namespace byzsim::server_optimizers_list {

ServerOptimizer yogi() {
  return {.declaration = {.name = "yogi",
                          .summary = "m <- beta_1 m + (1-beta_1) D, v <- v - (1-beta_2) D^2 "
                                     "sign(v - D^2), x <- x + rate m / (sqrt(v) + tau)",
                          .source = "FedYogi as in Flower",
                          .parameters = {server_rate(0.01),
                                         decay_factor("beta_1", 0.9, "what is kept of m"),
                                         decay_factor("beta_2", 0.99,
                                                      "1 - beta_2 is the largest change of v over "
                                                      "D^2"),
                                         adaptivity(1e-3)},
                          .aliases = {"FedYogi"}},
          .state_vectors = 2,
          .step = [](const Parameters& parameters, const ServerStep& step) {
            const double one = parameters.real("beta_1"), two = parameters.real("beta_2");
            const double rate = parameters.real("rate"), tau = parameters.real("tau");
            const std::span<float> m = step.state[0], v = step.state[1];
            for_each_coordinate(step, [&](std::size_t j) {
              const double update = double(step.update[j]), square = update * update;
              const double before = double(v[j]), change = (1 - two) * square;
              m[j] = static_cast<float>(one * double(m[j]) + (1 - one) * update);
              // The sign of 0 is 0.
              v[j] = static_cast<float>(before > square   ? before - change
                                        : before < square ? before + change
                                                          : before);
              step.model[j] = static_cast<float>(
                  double(step.model[j]) + rate * double(m[j]) / (std::sqrt(double(v[j])) + tau));
            });
          }};
}

}  // namespace byzsim::server_optimizers_list
