#include "sim/nodes/server_step.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/server_optimizers/server_optimizer.h"

namespace byzsim {
namespace {

// The model, then what the optimizer keeps.
std::vector<float> stepped(const Workload& workload, const Payload& model, const Payload& update,
                           const Payload& before, std::int64_t round) {
  const Choice& optimizer = workload.scenario().server_optimizer;
  const std::size_t d = workload.dimension(),
                    kept = server_optimizers().at(optimizer.name).state_vectors;
  std::vector<float> all((1 + kept) * d);
  // Where a gather or a further rule has changed the model since, that one counts.
  if (before) std::copy(before.values().begin(), before.values().end(), all.begin());
  std::copy(model.values().begin(), model.values().end(), all.begin());
  std::vector<std::span<float>> state;
  for (std::size_t i = 1; i <= kept; ++i) state.push_back(std::span(all).subspan(i * d, d));
  step_server(optimizer,
              {round, update.values(), std::span(all).first(d), state, workload.executor()});
  return all;
}

}  // namespace

Payload step_from(const SharedWorkload& workload, const Payload& from, const Payload& to) {
  return combined(workload, from, to, [](double a, double b) { return b - a; });
}

Payload scaled(const SharedWorkload& workload, const Payload& vector, double factor) {
  return combined(workload, vector, vector, [factor](double a, double) { return factor * a; });
}

bool adds_updates(const Workload& workload) {
  const Choice& optimizer = workload.scenario().server_optimizer;
  return optimizer.name == "sgd" && optimizer.parameters.real("rate") == 1;
}

Payload moved_along(const SharedWorkload& workload, const Payload& model, const Payload& update,
                    OptimizerState& state) {
  BYZ_CHECK(model.dimension() == update.dimension(), "a model moves in its own space");
  ++state.rounds;
  if (adds_updates(*workload))
    return combined(workload, model, update, [](double a, double b) { return a + b; });
  if (!workload->has_numbers()) return model;
  for (const Payload* each : {&model, &update, &std::as_const(state.kept)}) begin_computing(*each);
  const std::size_t d = workload->dimension();
  const std::size_t kept =
      server_optimizers().at(workload->scenario().server_optimizer.name).state_vectors;
  state.kept =
      Payload::launch(workload->executor(), (1 + kept) * d,
                      [workload, model, update, before = state.kept, round = state.rounds] {
                        return stepped(*workload, model, update, before, round);
                      });
  return Payload::deferred(d, [d, all = state.kept] {
    const auto& values = all.values();
    return std::vector<float>(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(d));
  });
}

Payload moved_towards(const SharedWorkload& workload, const Payload& model, const Payload& next,
                      OptimizerState& state) {
  if (adds_updates(*workload)) return next;
  return moved_along(workload, model, step_from(workload, model, next), state);
}

}  // namespace byzsim
