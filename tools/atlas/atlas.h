// The atlas of worst cases, as files below one directory:
//
//   settings/SETTING.json            a scenario with all but the rule and the attack
//   cases/SETTING/RULE[-nnm].json    the worst case found of a cell, a scenario with an expectation
//   cells.csv                        a row for each cell: what was found, how, and its digest
//
// A cell is a setting with one rule, with or without nearest-neighbour mixing. Within a setting an
// adversary controls /adversary but its knowledge and when it sends (rushing). Cells are compared
// by the accuracy at the end of the run; a run that diverged is worse than any other.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// The directory of the atlas, as `--atlas DIR` gives it.
inline constexpr const char* kAtlasDirectory = "scenarios/atlas";

/// A scenario file of settings/.
struct AtlasSetting {
  std::string name;  ///< of the file
  Json json;
};

/// Which cell: setting, rule, and whether vectors are mixed before.
struct AtlasKey {
  std::string setting, rule;
  bool nnm = false;

  /// "mda-nnm".
  std::string rule_text() const { return rule + (nnm ? "-nnm" : ""); }
  /// "cases/sgd-iid/mda-nnm.json", below the atlas.
  std::string file() const { return "cases/" + setting + "/" + rule_text() + ".json"; }
  friend auto operator<=>(const AtlasKey&, const AtlasKey&) = default;
};

/// A cell that can run: the setting with the rule, under the attack that the setting has itself.
struct AtlasCell {
  AtlasKey key;
  Scenario scenario;
};

/// A row of cells.csv.
struct AtlasRow {
  AtlasKey key = {};
  double without_attack = 0;      ///< accuracy of the same run without Byzantine nodes
  std::string hand_written = {};  ///< the most damaging attack with default parameters
  std::optional<double> hand_written_value = {};  ///< nothing: the run diverged; so below
  std::optional<double> worst = {};
  std::string attack = {};  ///< of the worst case: "fang", or "fang+keep_apart"
  std::string finder =
      {};  ///< "hand-written", "variant", "scheduler", "switch", "nlopt", "exchange"
  std::int64_t evaluations = 0;  ///< of the search, after all hand-written attacks
  std::string cell = {};         ///< id of the cell's scenario
  std::string exchanged = {};    ///< digest of the attacks that were tried from other cells
  std::string digest = {};       ///< of the worst run
  int digest_version = 0;
};
using AtlasTable = std::map<AtlasKey, AtlasRow>;

/// An accuracy to compare by: 0 for a run that diverged.
double accuracy_of(const std::optional<double>& value);
/// Whether `value` is worse than `other`.
bool is_worse(const std::optional<double>& value, const std::optional<double>& other);
/// "0.125", or "diverged".
std::string accuracy_text(const std::optional<double>& value);

/// All settings by name, with plugins listed in each, which are loaded. Throws InputError.
std::vector<AtlasSetting> read_settings(const std::filesystem::path& atlas,
                                        const std::vector<std::string>& plugins = {});

/// Throws InputError for a setting that cannot run with any rule.
void check_setting(const AtlasSetting& setting);

/// The setting with a rule (a name, or an object with its parameters), which replaces its own;
/// nothing where a condition refuses the rule.
std::optional<Scenario> cell_scenario(const AtlasSetting& setting, const Json& rule, bool nnm);

/// The id of a cell's scenario, by which a row shows that its setting is still what it was.
std::string id_of_cell(const Scenario& scenario);

/// The cell of a row as its setting makes it now; nothing where there is none any more.
std::optional<Scenario> cell_of_row(const AtlasRow& row, const std::vector<AtlasSetting>& settings);

/// What has become of a row's setting since the row was made, as a sentence; empty where it is
/// still the same.
std::string change_of_setting(const AtlasRow& row, const std::vector<AtlasSetting>& settings);

/// The cells of a setting, in the order of the rules; those whose conditions hold.
std::vector<AtlasCell> cells_of(const AtlasSetting& setting, const std::vector<std::string>& rules);

/// cells.csv; empty where there is none. Throws InputError for a damaged one.
AtlasTable read_cells(const std::filesystem::path& atlas);
/// Writes cells.csv, in the order of its keys. Throws InputError.
void write_cells(const std::filesystem::path& atlas, const AtlasTable& table);

/// That a case is missing, and how to get it: nothing where its file is there.
std::optional<Issue> missing_case(const std::filesystem::path& atlas, const AtlasKey& key);
/// The scenario of a case. Throws InputError.
Scenario read_case(const std::filesystem::path& atlas, const AtlasKey& key);
/// A worst case of the row's cell with the name, the summary and the expectation that the row gives
/// it.
Scenario case_of(const AtlasRow& row, const Scenario& worst);
/// Writes a worst case of the row's cell, without what it leaves at its defaults. Throws
/// InputError.
void write_case(const std::filesystem::path& atlas, const AtlasRow& row, const Scenario& worst);

}  // namespace byzsim
