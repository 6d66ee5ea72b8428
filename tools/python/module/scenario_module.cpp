// Scenarios as JSON text between Python and byzsim, and the tables as JSON.
#include <filesystem>

#include "adversaries/known_strategies.h"
#include "adversaries/plugins/plugin_library.h"
#include "core/exact/floating_point.h"
#include "core/input/input_file.h"
#include "sim/results/provenance.h"
#include "sim/scenario/scenario_json.h"
#include "tools/input/catalogue.h"
#include "tools/input/scenario_source.h"
#include "tools/names/catalogue_json.h"
#include "tools/python/module/input_errors.h"
#include "tools/python/module/modules.h"
#include "tools/python/module/resolved_scenario.h"

namespace byzsim::python {
namespace {

namespace fs = std::filesystem;

std::string json_text(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// A shipped name or a file, as text, with paths that begin beside it.
std::string load_named(const std::string& name) {
  const ScenarioSource source{name, {}, {}, {}};
  const NamedText named =
      read_source(source, shipped_scenarios(), "scenario", "byzsim.Scenario.shipped() lists all");
  check_begins_as_json(named, "scenario");
  return json_text(scenario_json_of(named, fs::path(name).parent_path(), {}));
}

// JSON of Python's, with one value put in where `value` is not empty.
std::string with_value(const std::string& json, const std::string& pointer,
                       const std::string& value) {
  if (pointer.empty() || pointer.front() != '/')
    refuse_argument(pointer.empty() ? "the JSON pointer" : pointer,
                    "must be a JSON pointer, which begins with a slash",
                    "for example \"/workers/byzantine/actual\"");
  const Change change{pointer, parse_json(value, pointer)};
  return json_text(scenario_json_of({json, "scenario", "scenario"}, {}, {change}));
}

std::string prepared(const std::string& json) {
  return json_text(scenario_json_of({json, "scenario", "scenario"}, {}, {}));
}

py::tuple load_library(const std::string& file) {
  const PluginFile loaded = load_plugin(file);
  return py::make_tuple(loaded.file, loaded.digest);
}

std::string catalogue_text() {
  Json all = Json::array();
  for (const CatalogueEntry& entry : catalogue()) all.push_back(to_json(entry));
  return json_text(all);
}

std::string version_text() {
  const Provenance from = provenance();
  Json libraries = Json::object();
  for (const auto& [name, version] : from.libraries) libraries[name] = version;
  return json_text({{"version", from.version},
                    {"git", from.git},
                    {"compiler", from.compiler},
                    {"profile", kNumericProfile},
                    {"libraries", libraries}});
}

}  // namespace

void load_listed_plugins(Json& json, const fs::path& folder) {
  if (!json.is_object() || !json.contains("plugins") || !json["plugins"].is_array()) return;
  for (Json& plugin : json["plugins"]) {
    if (plugin.is_string()) plugin = {{"file", plugin}};
    if (!plugin.is_object()) continue;
    const Json file = plugin.value("file", Json()), digest = plugin.value("digest", Json(""));
    if (digest.is_string() && is_plugin_loaded(digest.get<std::string>())) continue;
    if (!file.is_string()) continue;
    const PluginFile loaded =
        load_plugin(folder / file.get<std::string>(),
                    digest.is_string() ? digest.get<std::string>() : std::string());
    plugin = {{"file", loaded.file}, {"digest", loaded.digest}};
  }
}

ResolvedScenario::ResolvedScenario(const std::string& text) {
  Json json = parse_json(text, "scenario");
  load_listed_plugins(json);
  scenario = read_scenario(json, scenario_tables(), notes);
  // Functions of Python's need not be listed to be used; who makes the run must know of them.
  const Json written = write_scenario(scenario, scenario_tables());
  scenario.plugins.clear();
  for (const Json& plugin : written["plugins"])
    scenario.plugins.push_back({plugin["file"], plugin["digest"]});
  InputFiles files;
  put_inputs(scenario, files);
  id = scenario_id(scenario, scenario_tables());
}

void define_scenarios(py::module_& module) {
  py::class_<ResolvedScenario>(module, "ResolvedScenario")
      .def(py::init<const std::string&>(), py::arg("json"))
      .def_readonly("id", &ResolvedScenario::id)
      .def_readonly("notes", &ResolvedScenario::notes)
      .def_property_readonly("json", [](const ResolvedScenario& resolved) {
        return json_text(write_scenario(resolved.scenario, scenario_tables()));
      });
  module.def("load_named", &load_named, py::arg("name"));
  module.def("with_value", &with_value, py::arg("json"), py::arg("pointer"), py::arg("value"));
  module.def("prepared", &prepared, py::arg("json"));
  module.def("shipped_scenarios", [] { return names_of(shipped_scenarios()); });
  module.def("load_plugin", &load_library, py::arg("file"));
  module.def("catalogue", &catalogue_text);
  module.def("version", &version_text);
}

}  // namespace byzsim::python
