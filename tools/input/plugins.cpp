#include "tools/input/plugins.h"

#include "adversaries/plugins/plugin_library.h"
#include "core/input/issue.h"
#include "core/input/printable.h"
#include "tools/line/output.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

// A path alone, or the text that stands under a key, or nothing.
std::string plugin_text(const Json& plugin, const char* key) {
  if (plugin.is_object() && plugin.contains(key) && plugin[key].is_string())
    return plugin[key].get<std::string>();
  return "";
}

// Results and sweeps name their plugins in JSON.
void check_file_name(const std::string& path) {
  if (!is_printable(path))
    throw InputError(
        {path, "the path of a plugin must be UTF-8 without control characters", "rename it"});
}

void load_plugin_of(Json& plugin, const fs::path& folder, const std::string& where) {
  if (plugin.is_string()) plugin = {{"file", plugin}};
  if (!plugin.is_object()) return;
  const std::string file = plugin_text(plugin, "file"), digest = plugin_text(plugin, "digest");
  // A result may have come from elsewhere: the digest says that this is its plugin, wherever its
  // file.
  if (!digest.empty() && is_plugin_loaded(digest)) return;
  if (file.empty())
    throw InputError({pointer_to(where, "file"), "must be the path of a plugin", ""});
  keep_results_apart();
  const PluginFile loaded = load_plugin(folder / file, digest);
  check_file_name(loaded.file);
  plugin["file"] = loaded.file;
  // With it the scenario runs with this very library, or not at all.
  plugin["digest"] = loaded.digest;
}

void add_issues(Issues& issues, const InputError& error) {
  issues.insert(issues.end(), error.issues().begin(), error.issues().end());
}

}  // namespace

void load_plugins(const std::vector<std::string>& files) {
  Issues issues;
  for (const std::string& file : files) {
    try {
      keep_results_apart();
      load_plugin(file);
    } catch (const InputError& error) {
      add_issues(issues, error);
    }
  }
  throw_if_any(issues);
}

void load_plugins_of(Json& scenario, const fs::path& folder) {
  if (!scenario.is_object() || !scenario.contains("plugins")) return;
  Issues issues;
  Json& plugins = scenario["plugins"];
  for (std::size_t i = 0; plugins.is_array() && i < plugins.size(); ++i) {
    try {
      load_plugin_of(plugins[i], folder, pointer_to("/plugins", std::to_string(i)));
    } catch (const InputError& error) {
      add_issues(issues, error);
    }
  }
  throw_if_any(issues);
}

void list_plugins(const std::vector<std::string>& files, Json& scenario) {
  if (!scenario.is_object() || files.empty()) return;
  if (!scenario.contains("plugins")) scenario["plugins"] = Json::array();
  if (!scenario["plugins"].is_array()) return;
  for (const std::string& file : files) {
    // Absolute: the scenario is read again in other folders.
    const std::string path = fs::absolute(file).string();
    check_file_name(path);
    scenario["plugins"].push_back(path);
  }
}

}  // namespace byzsim
