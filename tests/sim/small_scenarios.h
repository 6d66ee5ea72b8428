// Scenarios of a few milliseconds, and the world that runs them.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "adversaries/coalition.h"
#include "adversaries/schedulers/scheduler.h"
#include "core/input/json.h"
#include "sim/run/simulation.h"
#include "sim/scenario/scenario_json.h"
#include "tests/places.h"

namespace byzsim {

/// One trusted server and four workers on blobs of dimension 6: d = 3 * (6 + 1) = 21 parameters.
Json small_sgd();
/// Five servers and seven workers without a Byzantine node, a gather every second step.
Json small_byzsgd();
/// The same with the declared Byzantine nodes really lying.
Json small_attacked_byzsgd();

/// The JSON with the value at a pointer replaced or added.
Json with(Json json, const std::string& pointer, Json value);
/// The scenario where every message takes exactly 1 ms.
Json steady(const Json& json);

Scenario read(const Json& json);
Json write(const Scenario& scenario);

/// A simulation with what it needs to live; members in the order of their dependence. Scenarios
/// name files from the root of the source tree.
struct World {
  explicit World(const Json& json, int threads = 1, std::unique_ptr<Adversary> adversary = nullptr);

  Scenario scenario;
  Executor executor;
  std::shared_ptr<const Workload> workload;
  Simulation simulation;
};

/// Every event from here to the last; metrics are complete then.
std::vector<Occurrence> run_to_end(Simulation& simulation);

RunDigest digest_of_run(const Json& json, int threads = 1);

/// Why a scenario is refused; "none" where it is not.
inline std::string refusal_of(const Json& json) {
  try {
    World world(json);
  } catch (const InputError& error) {
    return error.what();
  }
  return "none";
}

}  // namespace byzsim
