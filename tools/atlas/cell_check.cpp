#include "tools/atlas/cell_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "adversaries/known_strategies.h"
#include "sim/observe/run_digest.h"
#include "sim/scenario/scenario_json.h"
#include "tools/atlas/build_atlas.h"
#include "tools/atlas/cell_search.h"
#include "tools/shrink/minimal_json.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

// The scenario under the cell's adversary, without what is only asked of its run.
std::string id_without_adversary(const Scenario& scenario, const Scenario& cell) {
  const ScenarioTables tables = scenario_tables();
  Json json = write_scenario(scenario, tables);
  Json adversary = write_scenario(cell, tables).at("adversary");
  // What the adversary knows and when it sends are the setting's, not its own choice.
  for (const char* key : {"knowledge", "rushing"})
    if (json.at("adversary").contains(key)) adversary[key] = json["adversary"][key];
  json["adversary"] = adversary;
  json["expect"] = Json::array();
  try {
    return scenario_id(read_scenario(json, tables), tables);
  } catch (const InputError&) {
    return "";
  }
}

// The sentences about one row.
struct RowCheck {
  std::string file;
  std::vector<std::string> differences = {};

  // What was computed, and what the table has instead.
  void expect_equal(const std::string& column, const std::string& made, const std::string& stored) {
    if (made != stored)
      differences.push_back(fmt::format("{}: {} {}, not {}", file, column, made, stored));
  }
  void expect_equal(const std::string& column, const std::optional<double>& made,
                    const std::optional<double>& stored) {
    if (made != stored)
      differences.push_back(fmt::format("{}: {} {}, not {}", file, column, accuracy_text(made),
                                        accuracy_text(stored)));
  }
  void expect(bool holds, const std::string& otherwise) {
    if (!holds) differences.push_back(file + ": " + otherwise);
  }
};

// What the setting gives by itself: of one that has changed nothing can be compared.
void check_baselines(RowCheck& check, const AtlasRow& row, const Scenario& cell, MadeBefore& made) {
  const SearchWatch watch{.quiet = true};
  const auto without = accuracy_without_attack(cell, made, watch);
  const auto best = hand_written_again(cell, row.hand_written, made, watch);
  if (interrupted()) return;
  check.expect_equal("accuracy_without_attack", without, row.without_attack);
  check.expect(best && best->attack == row.hand_written,
               "hand_written " + row.hand_written + " is no attack that can run in this cell");
  if (best) check.expect_equal("hand_written_accuracy", best->trial.value, row.hand_written_value);
  check.expect(!is_worse(row.hand_written_value, row.worst),
               "hand_written_accuracy is worse than that of the worst case");
}

void check_case(RowCheck& check, const AtlasRow& row, const Scenario& worst, MadeBefore& made) {
  const auto trial = run_for_atlas(worst, made, {.quiet = true});
  if (!trial) return;
  check.expect_equal("digest", trial->digest, row.digest);
  check.expect_equal("accuracy", trial->value, row.worst);
  check.expect(!trial->ended_early, "the run ends before its last step");
  check.expect_equal("attack", name_of_attack(worst), row.attack);
  check.expect(minimal_json(worst) == minimal_json(case_of(row, worst)),
               "its name, summary or expectation is not what its row gives");
}

}  // namespace

bool is_of_cell(const Scenario& worst, const Scenario& cell) {
  return id_without_adversary(worst, cell) == id_of_cell(cell);
}

std::vector<std::string> differences_of_cell(const fs::path& atlas, const AtlasRow& row,
                                             const std::vector<AtlasSetting>& settings,
                                             MadeBefore& made) {
  RowCheck check{row.key.file()};
  if (const auto missing = missing_case(atlas, row.key))
    return {check.file + ": " + missing->problem + "; " + missing->remedy};
  check.expect_equal("digest_version", std::to_string(kDigestVersion),
                     std::to_string(row.digest_version));
  const Scenario worst = read_case(atlas, row.key);
  if (std::string change = change_of_setting(row, settings); !change.empty()) {
    check.differences.push_back(std::move(change));
  } else if (const auto cell = cell_of_row(row, settings)) {
    check.expect(is_of_cell(worst, *cell), "differs from its setting in more than its adversary");
    check_baselines(check, row, *cell, made);
  }
  check_case(check, row, worst, made);
  return std::move(check.differences);
}

std::vector<std::string> files_without_row(const fs::path& atlas, const AtlasTable& table) {
  std::set<std::string> expected, found;
  for (const auto& [key, row] : table) expected.insert(key.file());
  if (!fs::is_directory(atlas / "cases")) return {};
  for (const auto& each : fs::recursive_directory_iterator(atlas / "cases"))
    if (each.is_regular_file())
      found.insert(each.path().lexically_relative(atlas).generic_string());
  std::vector<std::string> without;
  for (const std::string& file : found)
    if (!expected.contains(file)) without.push_back(file + ": no row of cells.csv leads to it");
  return without;
}

std::vector<std::string> unexchanged_settings(const fs::path& atlas, const AtlasTable& table) {
  std::map<std::string, std::string> digests;
  std::vector<std::string> settings;
  for (const auto& [key, row] : table) {
    if (!digests.contains(key.setting))
      digests[key.setting] =
          digest_of_adversaries(adversaries_of(atlas, table, key.setting, Stored::searched));
    if (row.exchanged != digests[key.setting] &&
        (settings.empty() || settings.back() != key.setting))
      settings.push_back(key.setting);
  }
  return settings;
}

}  // namespace byzsim
