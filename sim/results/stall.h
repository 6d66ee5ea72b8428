// What a run that stalled waited for in the end.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/input/json.h"
#include "sim/run/simulation.h"

namespace byzsim {

/// A server that waits for answers which never come.
struct Stall {
  NodeId server;  ///< the first honest one that is not gone and waits for workers
  std::int64_t step;
  std::size_t needed, there;  ///< answers
  std::size_t missing = 0;    ///< workers that it asked and that have not answered
  std::vector<NodeId> first;  ///< at most ten of these
};

/// Of a simulation that has been advanced as far as it goes. Empty where no server waits for
/// answers of one step: nodes that are servers and workers at once, asynchronous servers.
std::optional<Stall> stall_of(const Simulation& simulation);

/// The same for run.json.
Json stall_json(const Stall& stall);

}  // namespace byzsim
