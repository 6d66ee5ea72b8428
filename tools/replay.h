// Runs a scenario from its first event to its last.
#pragma once

#include <memory>

#include "sim/results.h"
#include "sim/scenario.h"
#include "sim/simulation.h"

namespace byzsim {

/// A run with what it needs to live; members in the order of their dependence.
struct Replay {
  Replay(const Scenario& scenario, int threads);
  std::unique_ptr<Executor> executor;
  std::shared_ptr<const Workload> workload;
  Simulation simulation;
};

}  // namespace byzsim
