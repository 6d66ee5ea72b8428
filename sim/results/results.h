// What a run leaves behind, printed from its result: run.json, metrics.csv, digests.csv and, where
// servers gathered, gathers.csv in a directory that appears by rename, whole or not at all.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/input/json.h"
#include "sim/results/checksums.h"
#include "sim/results/run_result.h"
#include "sim/results/whole_files.h"

namespace byzsim {

/// The bytes of the files.
struct RunFiles {
  std::string run_json;
  std::string metrics_csv;
  std::string gathers_csv = {};  ///< empty, and no file, without a gather
  std::string digests_csv = {};  ///< the digest at equal intervals of events; no file if empty
  std::string id = {};           ///< of the run
  NamedDigests models = {};      ///< names and digests of the models that are kept
  NamedTexts final_models = {};  ///< the bytes of those of the end
};

/// run.json.
Json to_json(const RunResult& result);
RunFiles files_of(const RunResult& result);
/// The JSON pointers of settings.
std::vector<std::string> pointers_of(const UnusedSettings& settings);

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
/// run there give way. The models on the way are in `begun`. Throws InputError when they cannot be
/// written, unless the same run has come there meanwhile.
void write_run(const std::filesystem::path& directory, const RunFiles& files, bool replace,
               const BegunDirectory* begun = nullptr);

/// A seed as JSON: a number where every reader keeps it exact, hex digits beyond.
Json seed_json(std::uint64_t seed);

/// run.json of a directory, parsed. Throws InputError when it is missing or no run.json of byzsim.
Json read_run(const std::filesystem::path& directory);
/// The same of a whole run. Throws InputError with what is missing or altered in the directory.
Json read_whole_run(const std::filesystem::path& directory);

}  // namespace byzsim
