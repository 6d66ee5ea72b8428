// The result of a run as a value: what its files and its summary are printed from.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/input/json.h"
#include "core/input/words.h"
#include "sim/results/expectations.h"
#include "sim/results/node_fates.h"
#include "sim/results/stall.h"
#include "sim/results/whole_files.h"
#include "sim/run/simulation.h"

namespace byzsim {

/// How this machine went about it; never part of a digest.
struct MachineUse {
  double wall_seconds = 0;
  int threads = 1;
};

enum class RunStatus {
  trained,      ///< every honest server reached the last step, or has crashed for good before
  diverged,     ///< the same, but a loss or a parameter of theirs is not finite at the end
  stalled,      ///< nothing was left to happen before that: a quorum never completed
  out_of_time,  ///< the scenario's time was over before that
  interrupted,  ///< stopped from outside
};
template <>
struct Words<RunStatus> {
  static constexpr std::array<const char*, 5> all = {"trained", "diverged", "stalled",
                                                     "out_of_time", "interrupted"};
};

struct RunResult {
  std::string id;
  std::string definition;  ///< digest of all that the scenario says
  Json scenario;           ///< resolved, canonical
  std::uint64_t seed = 0;
  std::vector<InputFile> inputs;
  Json foreign = nullptr;  ///< what an interpreter tells of its functions' surroundings, if any
  RunStatus status = RunStatus::trained;
  std::int64_t steps = 0;  ///< that every honest server has reached
  /// Of the last recorded step; of a run that ended before its last step, of its end.
  double simulated_seconds = 0;
  RunDigest digest;
  Totals totals;
  double work = 0, span = 0;  ///< operations (sim/observe/parallelism.h)
  std::int64_t crashed = 0;   ///< honest nodes, for good
  std::vector<NodeFates> fates;
  std::optional<Stall> stall;  ///< of a run that stalled, where a server waited for workers
  std::optional<std::int64_t> diverged_at_step;  ///< the first recorded one of no finite loss
  UnusedSettings unused;
  std::vector<std::string> unused_decisions;  ///< of the script, by JSON pointer
  std::optional<double> variance_bound;       ///< of the workers' rule, where one is known
  std::map<std::string, std::uint64_t> broken_invariants;
  std::vector<Verified> expectations;
  std::vector<MetricsRow> metrics, gathers;
  std::vector<DigestRow> digests;  ///< at equal intervals of events
  /// The files of models that are kept of it, those of the end first; only where a command keeps
  /// them.
  std::vector<KeptModel> models = {};
  MachineUse machine;
};

/// The numeric profile of a run of the scenario in canonical JSON: with "+foreign" where functions
/// of an interpreter take part, whose bits nobody promises.
std::string profile_of(const Json& scenario);
/// Of a simulation that has been advanced as far as it goes and finished.
RunResult result_of(const Simulation& simulation, const ScenarioTables& tables, RunStatus status,
                    const MachineUse& machine);

/// What a run keeps of models (/keep), those of the end first.
std::vector<KeptModel> kept_models(const Simulation& simulation);
/// The files of the models that it holds now.
NamedTexts final_models(const Simulation& simulation);

/// How such a simulation has ended.
RunStatus status_of(const Simulation& simulation);
/// What its expectations may be about beside its rows.
RunTotals totals_of_run(const Simulation& simulation);

/// Settings of the scenario that change nothing, as far as the scenario alone shows.
UnusedSettings foreseen_unused(const Simulation& simulation, const ScenarioTables& tables);
/// The same, and what a simulation that has been advanced as far as it goes has never asked for.
UnusedSettings unused_settings(const Simulation& simulation, const ScenarioTables& tables);

}  // namespace byzsim
