#include "tools/sweep/sweep_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/input/issue.h"
#include "tools/input/scenario_paths.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

// Keys that a sweep has and a scenario has not.
bool is_sweep(const Json& json) {
  for (const char* key : {"scenario", "axes", "where", "repeat", "set"})
    if (json.contains(key)) return true;
  return false;
}

// Words between commas that stand in no brackets, braces or quotes.
std::vector<std::string> words_in_list(const std::string& list) {
  std::vector<std::string> words(1);
  int depth = 0;
  bool quoted = false;
  for (const char c : list) {
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == '[' || c == '{')) ++depth;
    if (!quoted && (c == ']' || c == '}')) --depth;
    if (c == ',' && depth == 0 && !quoted)
      words.emplace_back();
    else
      words.back() += c;
  }
  return words;
}

bool looks_like_range(const std::string& text) {
  // A relative path ("../file") has dots too, but begins with them.
  return text.find("..") != std::string::npos && text.find_first_of("-+0123456789") == 0;
}

// "linN", "logN", perhaps with ":whole" after it, as keys of a range.
std::optional<Json> spacing_in(std::string_view text) {
  const std::string_view whole = ":whole";
  const bool is_whole = text.ends_with(whole);
  if (is_whole) text.remove_suffix(whole.size());
  if (!text.starts_with("lin") && !text.starts_with("log")) return std::nullopt;
  int count = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + 3, end, count);
  if (error != std::errc{} || rest != end) return std::nullopt;
  const char* scale = text.starts_with("lin") ? "linear" : "logarithmic";
  Json spacing = {{"count", count}, {"scale", scale}};
  if (is_whole) spacing["whole"] = true;
  return spacing;
}

// "low..high:linN" or ":logN" as a range of a sweep file.
std::optional<Json> range_in(const std::string& text, const std::string& where) {
  const std::size_t dots = text.find(".."), colon = text.find(':', std::min(dots, text.size()));
  if (dots == std::string::npos || colon == std::string::npos) return std::nullopt;
  const auto spacing = spacing_in(std::string_view(text).substr(colon + 1));
  if (!spacing) return std::nullopt;
  Json range = {{"from", value_of(text.substr(0, dots), where)},
                {"to", value_of(text.substr(dots + 2, colon - dots - 2), where)}};
  range.update(*spacing);
  return range;
}

// The JSON of an axis as a sweep file would have it.
Json read_axis_word(const std::string& axis) {
  const std::string where = "--axis " + axis;
  const std::size_t equals = axis.find('=');
  if (axis.empty() || axis.front() != '/' || equals == std::string::npos)
    throw InputError({where, "must be /json/pointer=VALUES",
                      "VALUES being v1,v2,... or low..high:lin5 or low..high:log5"});
  Json json = {{"pointer", axis.substr(0, equals)}};
  const std::string text = axis.substr(equals + 1);
  if (const auto range = range_in(text, where)) {
    json["range"] = *range;
    return json;
  }
  if (looks_like_range(text))
    throw InputError({where, "must be a range",
                      "write LOW..HIGH:lin5 or LOW..HIGH:log5, with :whole for whole numbers"});
  json["values"] = Json::array();
  for (const std::string& word : words_in_list(text))
    json["values"].push_back(value_of(word, where));
  return json;
}

// A scenario named in a sweep, as JSON; what is none is left for read_sweep to refuse.
void put_inside(Json& scenario, const fs::path& folder, const std::vector<std::string>& plugins,
                const PluginLoader& load) {
  if (scenario.is_string())
    scenario = load_scenario_json({scenario.get<std::string>(), {}, folder});
  // Here, where the folder is known: sweep.json will lie elsewhere.
  put_paths_beside({folder}, scenario);
  list_plugins(plugins, scenario);
  // Before the scenario is read: it may name what they add.
  load(scenario, folder);
}

Json& list_member(Json& json, const char* key) {
  if (!json.contains(key)) json[key] = Json::array();
  return json[key];
}

// Whether a text in it is a relative path that leads somewhere.
bool has_path(const Json& json, const std::vector<fs::path>& folders) {
  if (json.is_structured())
    return std::any_of(json.begin(), json.end(),
                       [&](const Json& each) { return has_path(each, folders); });
  return json.is_string() && is_path_beside(folders, json.get<std::string>());
}

// What the sweep changes may name files too, which then lie beside the sweep's file or, where the
// command line names them, in the working directory.
void put_folders(Json& sweep, const fs::path& folder) {
  const std::vector<fs::path> folders = {fs::absolute(folder / ".").lexically_normal(),
                                         fs::current_path() / ""};
  if (sweep.contains("folders") || (!has_path(sweep.value("set", Json()), folders) &&
                                    !has_path(sweep.value("axes", Json()), folders)))
    return;
  for (const fs::path& each : folders) list_member(sweep, "folders").push_back(each.string());
}

// Scenarios and sweeps alike.
std::vector<ShippedFile> all_shipped() {
  std::vector<ShippedFile> files = shipped_sweeps();
  files.insert(files.end(), shipped_scenarios().begin(), shipped_scenarios().end());
  return files;
}

}  // namespace

bool is_shipped(const std::string& name) {
  const std::vector<ShippedFile> shipped = all_shipped();
  return std::any_of(shipped.begin(), shipped.end(),
                     [&](const ShippedFile& file) { return file.name == name; });
}

void put_scenarios_inside(Json& sweep, const fs::path& folder,
                          const std::vector<std::string>& plugins, const PluginLoader& load) {
  put_folders(sweep, folder);
  if (sweep.contains("scenario")) put_inside(sweep["scenario"], folder, plugins, load);
  if (!sweep.contains("axes") || !sweep["axes"].is_array()) return;
  for (Json& axis : sweep["axes"]) {
    if (!axis.is_object() || !axis.contains("variants") || !axis["variants"].is_object()) continue;
    for (auto& [label, variant] : axis["variants"].items())
      if (variant.is_object() && variant.contains("scenario"))
        put_inside(variant["scenario"], folder, plugins, load);
  }
}

Json load_sweep_json(const SweepSource& source) {
  const NamedText named = read_source(source.file, all_shipped(), "sweep or scenario",
                                      "byzsim list sweeps and byzsim list scenarios show all");
  check_begins_as_json(named, "sweep or scenario");
  return sweep_json_of(named, source);
}

Json sweep_json_of(const NamedText& named, const SweepSource& source) {
  Json json = parse_json(named.text, named.origin);
  if (!json.is_object())
    throw InputError({named.origin, "a sweep must be a JSON object, not " + brief(json), ""});
  if (!is_sweep(json)) {
    put_name(named, json);
    json = {{"name", json["name"]}, {"scenario", json}};
  }
  for (const char* key : {"$schema", "inputs", "plan"}) json.erase(key);  // not of what is run
  put_name(named, json);
  for (const std::string& set : source.file.sets) {
    const Change change = read_set(set);
    json["set"][change.pointer] = change.value;
  }
  for (const std::string& axis : source.axes)
    // After the file's axes, so that the file's points keep their order.
    list_member(json, "axes").push_back(read_axis_word(axis));
  if (source.repeat) json["repeat"] = *source.repeat;
  put_scenarios_inside(json, (source.file.folder / source.file.name).parent_path(),
                       source.file.plugins, source.load);
  return json;
}

Sweep load_sweep(const SweepSource& source, const Json& json) {
  try {
    return read_sweep(json);
  } catch (const InputError& error) {
    // The last axes are those of the command line, in its order.
    const std::size_t all = json.contains("axes") ? json["axes"].size() : 0;
    Issues issues = error.issues();
    for (std::size_t i = 0; i < source.axes.size(); ++i) {
      const std::string place = fmt::format("/axes/{}", all - source.axes.size() + i);
      for (Issue& issue : issues)
        if (issue.where == place || issue.where.starts_with(place + "/"))
          issue.where = "--axis " + source.axes[i];
    }
    throw InputError(issues);
  }
}

}  // namespace byzsim
