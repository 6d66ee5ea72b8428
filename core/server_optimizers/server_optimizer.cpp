#include "core/server_optimizers/server_optimizer.h"

#include "core/check.h"

namespace byzsim {

namespace server_optimizers_list {
std::vector<ServerOptimizer> all() {
  return {
#define STRATEGY(name) BYZSIM_MADE_BY(ServerOptimizer, name),
#include "core/server_optimizers/server_optimizers.def"
#undef STRATEGY
  };
}
}  // namespace server_optimizers_list

const Table<ServerOptimizer>& server_optimizers() {
  static const Table<ServerOptimizer> table(server_optimizers_list::all());
  return table;
}

void step_server(const Choice& choice, const ServerStep& step) {
  const ServerOptimizer& optimizer = server_optimizers().at(choice.name);
  BYZ_CHECK(step.round >= 1, "rounds count from 1");
  BYZ_CHECK(step.update.size() == step.model.size(), "update and model have one length");
  BYZ_CHECK(step.state.size() == optimizer.state_vectors, "an optimizer keeps what it declares");
  for (const std::span<float> kept : step.state)
    BYZ_CHECK(kept.size() == step.model.size(), "state and model have one length");
  optimizer.step(choice.parameters, step);
}

}  // namespace byzsim
