// A scenario that has been read and checked, as runs and worlds begin with it.
#pragma once

#include <filesystem>
#include <string>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "sim/scenario/scenario.h"

namespace byzsim::python {

/// Loads the plugins that a scenario's JSON lists, and puts there what was loaded; relative paths
/// begin at `folder`. What is no list of plugins is left for read_scenario to refuse. Not by
/// load_plugins_of, which keeps the output of a program apart from that of its plugins.
void load_listed_plugins(Json& json, const std::filesystem::path& folder = {});

/// Resolved, with the digests of the files that it reads.
struct ResolvedScenario {
  /// Of JSON text. Loads the plugins that it lists. Throws InputError with all mistakes.
  explicit ResolvedScenario(const std::string& json);

  Scenario scenario;
  std::string id;
  Notes notes;  ///< what its user should know
};

}  // namespace byzsim::python
