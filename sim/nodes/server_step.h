// How a server moves its model by what workers made of it, as payloads.
#pragma once

#include "sim/nodes/computations.h"

namespace byzsim {

/// What a server's optimizer keeps from one round to the next (core/server_optimizers/).
struct OptimizerState {
  static constexpr std::size_t kFields = 2;  // of an archive
  std::int64_t rounds = 0;                   ///< so far
  Payload kept;                              ///< the latest model, then its vectors; empty at first
};

/// `to` - `from`, each coordinate rounded once. Launched.
Payload step_from(const SharedWorkload& workload, const Payload& from, const Payload& to);

/// `factor` * `vector`, each coordinate rounded once. Launched.
Payload scaled(const SharedWorkload& workload, const Payload& vector, double factor);

/// Whether the server only adds the update: its optimizer is SGD of rate 1.
bool adds_updates(const Workload& workload);

/// `model` moved along `update` by the server's optimizer. Launched.
Payload moved_along(const SharedWorkload& workload, const Payload& model, const Payload& update,
                    OptimizerState& state);

/// `model` moved towards `next` by the server's optimizer: `next` itself where it only adds
/// updates. Launched.
Payload moved_towards(const SharedWorkload& workload, const Payload& model, const Payload& next,
                      OptimizerState& state);

}  // namespace byzsim
