#include "tools/replay.h"

#include "adversaries/coalition.h"
#include "tools/scenario_source.h"

namespace byzsim {

Replay::Replay(const Scenario& scenario, int threads)
    : executor(std::make_unique<Executor>(threads)),
      workload(std::make_shared<const Workload>(scenario, *executor, data_root(),
                                                workers_flip_labels(scenario))),
      simulation(workload, make_adversary(scenario)) {}

}  // namespace byzsim
