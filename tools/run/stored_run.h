// A finished run in its directory, and how a replay of it compares.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/input/json.h"
#include "sim/observe/digest_index.h"
#include "sim/results/results.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// As the files were when it was read; nothing of it is written back.
struct StoredRun {
  std::filesystem::path directory;
  Json json;  ///< run.json
  std::string metrics_csv;
  std::string gathers_csv;  ///< empty in a run without gathers
  std::string digests_csv;  ///< empty where it is missing
  std::string checksums;    ///< the same
  Scenario scenario;
};

/// The directory of a run that is named by itself or by the run.json in it.
std::filesystem::path directory_of_run(const std::filesystem::path& named);

/// A run named so. Throws InputError for a directory without a whole run, for a stored scenario
/// that cannot be read, and for a run of another numeric profile, whose bits no replay here can
/// have.
StoredRun read_stored_run(const std::filesystem::path& named);

/// The rows of digests.csv and, as the last one, what run.json says of the end; in order of events.
/// Throws InputError for what is damaged.
std::vector<DigestRow> stored_digests(const StoredRun& run);

/// What a replay of it has made, to compare: with the models that the stored run has kept, if any.
RunResult replayed_result(const StoredRun& stored, const Simulation& replayed,
                          const MachineUse& machine);

/// What has changed of the files that the run read, a sentence each. Empty where they are what they
/// were.
std::vector<std::string> changed_inputs(const StoredRun& run);

/// What differs between the stored result and one just made, a line each; the machine's part of
/// run.json is not compared. Empty: the replay is the stored run, to the bit.
std::vector<std::string> differences(const StoredRun& stored, const RunResult& made);

}  // namespace byzsim
