// Where a sweep comes from: a file, a shipped sweep, or a scenario with axes from the command line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/input/json.h"
#include "tools/input/plugins.h"
#include "tools/input/scenario_source.h"
#include "tools/sweep/sweep.h"

namespace byzsim {

/// Loads the plugins that a scenario lists, whose relative paths begin at a folder.
using PluginLoader = std::function<void(Json& scenario, const std::filesystem::path& folder)>;

/// A sweep as the user names it.
struct SweepSource {
  ScenarioSource file;            ///< a sweep or a scenario; its sets apply to every scenario
  std::vector<std::string> axes;  ///< "/json/pointer=v1,v2" or "=low..high:linN", after the file's
  std::optional<std::int64_t> repeat;
  PluginLoader load = load_plugins_of;
};

/// Whether a sweep or a scenario of that name is shipped.
bool is_shipped(const std::string& name);

/// Puts the scenarios that a sweep names in their places: shipped ones, and files whose relative
/// paths begin at `folder`. Their plugins are loaded, and `plugins` listed beside them. Where its
/// axes name files, it says in "folders" where those begin. Throws InputError.
void put_scenarios_inside(Json& sweep, const std::filesystem::path& folder,
                          const std::vector<std::string>& plugins = {},
                          const PluginLoader& load = load_plugins_of);

/// The sweep with its scenarios inside and everything of the command line in it: what
/// `read_sweep` reads, and what sweep.json of a sweep's directory holds. Throws InputError.
Json load_sweep_json(const SweepSource& source);
/// The same of a text that has been read already, whose paths begin beside the source's file.
Json sweep_json_of(const NamedText& named, const SweepSource& source);

/// The sweep of that JSON; mistakes in an axis of the command line name it. Throws InputError.
Sweep load_sweep(const SweepSource& source, const Json& json);

}  // namespace byzsim
