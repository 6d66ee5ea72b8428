// What a run leaves behind: run.json, metrics.csv, digests.csv and, where servers gathered,
// gathers.csv in a directory that appears by rename, whole or not at all.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/input/json.h"
#include "sim/results/expectations.h"
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
const char* to_string(RunStatus status);
/// How a simulation that has been advanced as far as it goes and finished has ended.
RunStatus status_of(const Simulation& simulation);
/// What its expectations may be about beside its rows.
RunTotals totals_of_run(const Simulation& simulation);

/// Settings of the scenario that change nothing, as far as the scenario alone shows.
UnusedSettings foreseen_unused(const Simulation& simulation, const ScenarioTables& tables);
/// The same, and what a simulation that has been advanced as far as it goes has never asked for.
UnusedSettings unused_settings(const Simulation& simulation, const ScenarioTables& tables);

/// The bytes of the files.
struct RunFiles {
  std::string run_json;
  std::string metrics_csv;
  std::string gathers_csv = {};  ///< empty, and no file, without a gather
  std::string digests_csv = {};  ///< the digest every so many events; no file if empty
};

/// The result of a simulation that has been advanced as far as it goes and finished.
RunFiles run_files(const Simulation& simulation, const ScenarioTables& tables, RunStatus status,
                   const MachineUse& machine);

/// Which program made a result.
Json provenance_json();
/// How this machine went about it.
Json machine_json(const MachineUse& machine);

/// results/<name>/<id> below `root`.
std::filesystem::path default_directory(const Scenario& scenario, const std::string& id);

/// What a directory holds: nothing (or absent), the whole run of `id`, that run with files that are
/// missing or altered (damage_in() says which), or something else.
enum class DirectoryState { free, same_run, damaged_run, other };
DirectoryState inspect_directory(const std::filesystem::path& directory, const std::string& id);

/// Writes the files of a run, which appear in `directory` by rename; with `replace` those of a
/// run there give way. Throws InputError when they cannot be written, unless the same run has come
/// there meanwhile.
void write_run(const std::filesystem::path& directory, const RunFiles& files, bool replace);

/// A seed as JSON: a number where every reader keeps it exact, hex digits beyond.
Json seed_json(std::uint64_t seed);

/// run.json of a directory, parsed. Throws InputError when it is missing or no run.json of byzsim.
Json read_run(const std::filesystem::path& directory);
/// The same of a whole run. Throws InputError with what is missing or altered in the directory.
Json read_whole_run(const std::filesystem::path& directory);

}  // namespace byzsim
