#include "core/server_optimizers/server_steps.h"

namespace byzsim::server_optimizers_list {

ServerOptimizer nesterov() {
  return {.declaration = {.name = "nesterov",
                          .summary = "v <- beta v + D, x <- x + rate (D + beta v): momentum as if "
                                     "the same update came once more",
                          .source = "Sutskever et al., ICML 2013, as an update of x alone",
                          .parameters = {server_rate(1),
                                         decay_factor("beta", 0.9, "what is kept of v")}},
          .state_vectors = 1,
          .step = [](const Parameters& parameters, const ServerStep& step) {
            const double rate = parameters.real("rate"), beta = parameters.real("beta");
            const std::span<float> v = step.state[0];
            for_each_coordinate(step, [&](std::size_t j) {
              const double update = double(step.update[j]);
              v[j] = static_cast<float>(beta * double(v[j]) + update);
              step.model[j] =
                  static_cast<float>(double(step.model[j]) + rate * (update + beta * double(v[j])));
            });
          }};
}

}  // namespace byzsim::server_optimizers_list
