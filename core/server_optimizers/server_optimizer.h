// Server optimizers: how a server moves its model x by the update D of a round, which is the
// aggregate of its clients' models minus x, or of their differences to x. One file each under
// server_optimizers/. A coordinate is computed in double and rounded to float32 once for each value
// that is kept: the bits do not depend on the number of threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/input/parameters.h"
#include "core/input/table.h"
#include "core/machine/parallel.h"

namespace byzsim {

/// One step of a server. All vectors have one dimension and do not overlap.
struct ServerStep {
  std::int64_t round;             ///< the first is 1
  std::span<const float> update;  ///< D
  std::span<float> model;         ///< x, which is moved
  /// What the optimizer keeps from one round to the next, all 0 before the first: as many vectors
  /// as it declares.
  std::span<const std::span<float>> state;
  const Executor& executor;
};

/// One optimizer of the table.
struct ServerOptimizer {
  Declaration declaration;
  std::size_t state_vectors;  ///< vectors that it keeps: 0, 1 or 2
  void (*step)(const Parameters& parameters, const ServerStep& step);
};

/// All of them, in the order of server_optimizers.def.
const Table<ServerOptimizer>& server_optimizers();

/// Moves the model, and the state with it. `choice` is one of the table, with parameters in their
/// ranges.
void step_server(const Choice& choice, const ServerStep& step);

}  // namespace byzsim
