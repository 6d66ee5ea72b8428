#include "core/server_optimizers/server_steps.h"

namespace byzsim::server_optimizers_list {

ServerOptimizer sgd() {
  return {.declaration = {.name = "sgd",
                          .summary = "x <- x + rate D; at rate 1 the aggregate itself",
                          .source = "FedAvg",
                          .parameters = {server_rate(1)},
                          .aliases = {"FedAvg"}},
          .state_vectors = 0,
          .step = [](const Parameters& parameters, const ServerStep& step) {
            const double rate = parameters.real("rate");
            for_each_coordinate(step, [&](std::size_t j) {
              step.model[j] =
                  static_cast<float>(double(step.model[j]) + rate * double(step.update[j]));
            });
          }};
}

}  // namespace byzsim::server_optimizers_list
