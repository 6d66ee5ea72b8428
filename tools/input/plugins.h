// Plugins as users name them: on the command line, and in scenarios.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/input/json.h"

namespace byzsim {

/// Loads the files of --plugin. Throws InputError with the mistakes of all. A library stays loaded
/// until the process ends, with all that it adds to the tables.
void load_plugins(const std::vector<std::string>& files);

/// Loads what a scenario lists under "plugins", a path or {"file", "digest"} each, and puts there
/// what was loaded, so that the scenario can be read anywhere. Relative paths begin at `folder`.
/// Where a plugin with the digest has been loaded already, its file is not looked for. Throws
/// InputError with all mistakes; what is no list of plugins is left for read_scenario to refuse.
void load_plugins_of(Json& scenario, const std::filesystem::path& folder);

/// Lists the files of --plugin in a scenario, too. As absolute paths. Throws InputError for a path
/// that JSON cannot hold.
void list_plugins(const std::vector<std::string>& files, Json& scenario);

}  // namespace byzsim
