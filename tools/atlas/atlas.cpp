#include "tools/atlas/atlas.h"

#include <fmt/format.h>

#include <algorithm>

#include "adversaries/known_strategies.h"
#include "sim/results/whole_files.h"
#include "sim/scenario/scenario_json.h"
#include "tools/input/scenario_source.h"
#include "tools/shrink/minimal_json.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

std::string summary_of_case(const AtlasRow& row) {
  return fmt::format("The worst case found for {}{} in {}: {} ({}), accuracy {}, {} without attack",
                     row.key.rule, row.key.nnm ? " after nnm" : "", row.key.setting, row.attack,
                     row.finder, accuracy_text(row.worst), accuracy_text(row.without_attack));
}

// Exact: a run is the same everywhere.
Expectation expectation_of_case(const AtlasRow& row) {
  if (!row.worst) return {"diverged", RowAt::end, Relation::equal, 1};
  return {"accuracy", RowAt::end, Relation::at_most, *row.worst};
}

auto setting_of_row(const AtlasRow& row, const std::vector<AtlasSetting>& settings) {
  return std::find_if(settings.begin(), settings.end(),
                      [&](const AtlasSetting& each) { return each.name == row.key.setting; });
}

}  // namespace

double accuracy_of(const std::optional<double>& value) { return value.value_or(0); }

bool is_worse(const std::optional<double>& value, const std::optional<double>& other) {
  if (!value || !other) return other.has_value();
  return *value < *other;
}

std::string accuracy_text(const std::optional<double>& value) {
  return value ? fmt::format("{:.4g}", *value) : "diverged";
}

std::vector<AtlasSetting> read_settings(const fs::path& atlas,
                                        const std::vector<std::string>& plugins) {
  const fs::path folder = atlas / "settings";
  if (!fs::is_directory(folder))
    throw InputError(
        {folder.string(), "no such directory",
         "give the directory of an atlas with --atlas DIR; its settings/ holds scenarios without "
         "rule and attack, as scenarios/atlas does in byzsim's source tree and, installed, in "
         "share/doc/byzsim"});
  std::vector<fs::path> files;
  for (const auto& each : fs::directory_iterator(folder))
    if (each.path().extension() == ".json") files.push_back(each.path());
  std::sort(files.begin(), files.end());
  std::vector<AtlasSetting> settings;
  for (const fs::path& file : files)
    settings.push_back(
        {file.stem().string(),
         load_scenario_json({.name = file.string(), .sets = {}, .plugins = plugins})});
  return settings;
}

void check_setting(const AtlasSetting& setting) {
  Json json = setting.json;
  const char* group = json.contains("nodes") ? "nodes" : "workers";
  // Every number of vectors can be averaged.
  if (json.is_object() && (!json.contains(group) || json[group].is_object())) {
    json[group]["aggregator"] = "average";
    json[group].erase("pre");
  }
  try {
    InputFiles files;
    read_with_inputs(json, files);
  } catch (const InputError& error) {
    Issues issues = error.issues();
    for (Issue& each : issues) each.where = "settings/" + setting.name + ".json: " + each.where;
    throw InputError(std::move(issues));
  }
}

std::optional<Scenario> cell_scenario(const AtlasSetting& setting, const Json& rule, bool nnm) {
  Json json = setting.json;
  Json& group = json[json.contains("nodes") ? "nodes" : "workers"];
  group["aggregator"] = rule;
  group["pre"] = nnm ? Json::array({"nnm"}) : Json::array();
  json["expect"] = Json::array();
  try {
    InputFiles files;
    return read_with_inputs(json, files);
  } catch (const InputError&) {
    // A condition on n and f, or what the rule needs, does not hold here: that is an answer.
    return std::nullopt;
  }
}

std::string id_of_cell(const Scenario& scenario) {
  return scenario_id(scenario, scenario_tables());
}

std::optional<Scenario> cell_of_row(const AtlasRow& row,
                                    const std::vector<AtlasSetting>& settings) {
  const auto setting = setting_of_row(row, settings);
  if (setting == settings.end()) return std::nullopt;
  return cell_scenario(*setting, row.key.rule, row.key.nnm);
}

std::string change_of_setting(const AtlasRow& row, const std::vector<AtlasSetting>& settings) {
  if (setting_of_row(row, settings) == settings.end())
    return fmt::format("{}: there is no setting {}", row.key.file(), row.key.setting);
  const auto cell = cell_of_row(row, settings);
  if (cell && id_of_cell(*cell) == row.cell) return "";
  return fmt::format("{}: the setting {} has changed since; byzsim atlas build makes it again",
                     row.key.file(), row.key.setting);
}

std::vector<AtlasCell> cells_of(const AtlasSetting& setting,
                                const std::vector<std::string>& rules) {
  std::vector<AtlasCell> cells;
  for (const std::string& rule : rules)
    for (const bool nnm : {false, true})
      if (auto scenario = cell_scenario(setting, rule, nnm))
        cells.push_back({{setting.name, rule, nnm}, std::move(*scenario)});
  return cells;
}

std::optional<Issue> missing_case(const fs::path& atlas, const AtlasKey& key) {
  if (fs::exists(atlas / key.file())) return std::nullopt;
  return Issue{(atlas / key.file()).string(),
               fmt::format("no such file: the case of {}{} in {} is missing", key.rule,
                           key.nnm ? " after nnm" : "", key.setting),
               fmt::format("restore it, or make it again with byzsim atlas build --settings {} "
                           "--rules {}",
                           key.setting, key.rule)};
}

Scenario read_case(const fs::path& atlas, const AtlasKey& key) {
  if (auto missing = missing_case(atlas, key)) throw InputError(std::move(*missing));
  InputFiles files;
  return read_with_inputs(load_scenario_json({.name = (atlas / key.file()).string(), .sets = {}}),
                          files);
}

Scenario case_of(const AtlasRow& row, const Scenario& worst) {
  Scenario scenario = worst;
  scenario.name = "atlas-" + row.key.setting + "-" + row.key.rule_text();
  scenario.summary = summary_of_case(row);
  scenario.expect = {expectation_of_case(row)};
  return scenario;
}

void write_case(const fs::path& atlas, const AtlasRow& row, const Scenario& worst) {
  const fs::path file = atlas / row.key.file();
  fs::create_directories(file.parent_path());
  write_whole(file, lines_of(minimal_json(case_of(row, worst))) + "\n");
}

}  // namespace byzsim
