// Where a run begins: before its first event, or in the state of another run of which it is a
// branch.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sim/run/simulation.h"

namespace byzsim {

/// What is asked for to run a trunk: the same data on the same executor, and an adversary of the
/// same kind as the branch's.
struct TrunkMakers {
  std::function<std::shared_ptr<const Workload>(const Scenario&, const Executor&)> workload;
  std::function<std::unique_ptr<Adversary>(const Scenario&)> adversary;
};

/// A trunk's state where a branch leaves it, for who begins several runs there.
struct TrunkState {
  std::string trunk;  ///< its canonical JSON
  std::int64_t event = 0;
  /// How many values its rules keep (Workload), which are in the state.
  std::size_t kept_of_gradients = 0, kept_of_models = 0;
  std::string bytes;
};

/// The run of the workload's scenario before its first event. Of a branch, `trunk` is used where it
/// is that state, and becomes it where it is not: by running the trunk. Throws InputError for a
/// trunk that ends before, or is beyond the branch's last step by then.
Simulation begin_run(const std::shared_ptr<const Workload>& workload, const TrunkMakers& make,
                     std::shared_ptr<const TrunkState>& trunk);
/// The same for one run, with the adversary of its scenario.
Simulation begin_run(
    const std::shared_ptr<const Workload>& workload,
    const std::function<std::shared_ptr<const Workload>(const Scenario&, const Executor&)>&
        make_workload);

/// The state that a run is in, for branches that begin there.
std::shared_ptr<const TrunkState> trunk_state_of(Simulation& simulation);

}  // namespace byzsim
