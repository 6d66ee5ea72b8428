// The models that `byzsim run` keeps: `--models`, and their files while the run goes on.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "sim/observe/occurrence.h"
#include "sim/results/whole_files.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// What `--models` without a value stands for: the models of the end.
inline constexpr const char* kFinalModels = "end";

/// Puts `--models` ("end" or "every=N"), where it is given, in place of the scenario's /keep.
/// Throws InputError for anything else, for a run without numbers, and where models are kept and
/// no directory is given (`out`).
void choose_models(const std::optional<std::string>& option, const std::string& out,
                   Scenario& scenario);

/// Whether the scenario keeps models that the run in the directory has not kept.
bool lacks_models(const std::filesystem::path& directory, const Scenario& scenario);

/// Writes the models on the way that honest servers began a step with in this event.
void write_models(const Occurrence& occurrence, const Scenario& scenario,
                  const BegunDirectory& begun);

}  // namespace byzsim
