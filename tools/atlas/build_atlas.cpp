#include "tools/atlas/build_atlas.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <mutex>
#include <set>

#include "adversaries/known_strategies.h"
#include "core/exact/digest.h"
#include "core/input/issue.h"
#include "core/rules/rule.h"
#include "sim/observe/run_digest.h"
#include "sim/scenario/scenario_json.h"
#include "tools/atlas/atlas_report.h"
#include "tools/line/progress.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

// Rows between two times that the table is written.
constexpr std::size_t kRowsBetween = 16;
// Slow: an attack that evaluates them fifty times a step takes seconds a run, or an hour.
const std::set<std::string> kNotByDefault = {"gas", "hyperbox", "smea"};

std::vector<std::string> rules_to_build(const AtlasBuild& build) {
  std::vector<Declaration> built_in;
  for (const Rule& rule : rules())
    if (!rule.declaration.plugin) built_in.push_back(rule.declaration);
  std::vector<std::string> chosen;
  for (const std::string& asked : build.rules) {
    const std::string rule = rule_called(asked, "--rules", built_in);
    // Twice asked for, perhaps by an alias: built once.
    if (std::find(chosen.begin(), chosen.end(), rule) == chosen.end()) chosen.push_back(rule);
  }
  if (!chosen.empty()) return chosen;
  for (const Declaration& rule : built_in)
    if (!kNotByDefault.contains(rule.name)) chosen.push_back(rule.name);
  return chosen;
}

std::vector<AtlasSetting> settings_of(const AtlasBuild& build) {
  std::vector<AtlasSetting> all = read_settings(build.atlas), chosen;
  if (build.settings.empty()) return all;
  std::vector<std::string> names;
  for (const AtlasSetting& each : all) names.push_back(each.name);
  for (const std::string& asked : build.settings) {
    const auto at = std::find(names.begin(), names.end(), asked);
    if (at == names.end())
      throw InputError({"--settings", "unknown setting '" + asked + "'",
                        asked.find(',') != std::string::npos
                            ? "give one setting with each --settings"
                            : choose_from(asked, names)});
    chosen.push_back(all[static_cast<std::size_t>(at - names.begin())]);
  }
  return chosen;
}

// What the cells of one build share.
struct Building {
  const AtlasBuild& build;
  AtlasTable table;
  AtlasBuilt built = {};
  std::mutex mutex = {};  // of the two
  std::size_t unwritten = 0;
};

bool is_up_to_date(const Building& work, const AtlasCell& cell) {
  const auto at = work.table.find(cell.key);
  if (at == work.table.end()) return false;
  const AtlasRow& row = at->second;
  return row.cell == id_of_cell(cell.scenario) && row.evaluations >= work.build.evaluations &&
         row.digest_version == kDigestVersion && fs::exists(work.build.atlas / row.key.file());
}

// Each once, several at a time, in any order; each on one thread. `one` returns whether it ended.
void for_each_cell(Building& work, const std::string& name, const std::vector<AtlasCell>& cells,
                   const std::function<bool(const AtlasCell&, MadeBefore&)>& one) {
  const Executor executor(work.build.jobs);
  Progress progress(name, std::ssize(cells), work.build.quiet, "cell");
  std::atomic<std::size_t> next = 0, done = 0;
  executor.for_each(static_cast<std::size_t>(work.build.jobs), [&](std::size_t) {
    MadeBefore made;
    for (std::size_t i = next++; i < cells.size() && !interrupted(); i = next++) {
      const bool ended = one(cells[i], made);
      const std::lock_guard lock(work.mutex);
      work.built.interrupted = work.built.interrupted || !ended;
      progress.show(double(++done));
    }
  });
  work.built.interrupted = work.built.interrupted || interrupted();
  write_cells(work.build.atlas, work.table);
}

void keep_row(Building& work, AtlasRow row) {
  const std::lock_guard lock(work.mutex);
  const AtlasKey key = row.key;
  work.table.insert_or_assign(key, std::move(row));
  if (++work.unwritten % kRowsBetween == 0) write_cells(work.build.atlas, work.table);
}

bool build_cell(Building& work, const AtlasCell& cell, MadeBefore& made) {
  const auto findings = search_cell(cell.scenario, work.build.evaluations, made, {.quiet = true});
  if (!findings) return false;
  AtlasRow row{.key = cell.key,
               .without_attack = findings->without_attack,
               .hand_written = findings->hand_written.attack,
               .hand_written_value = findings->hand_written.trial.value,
               .evaluations = work.build.evaluations,
               .cell = id_of_cell(cell.scenario),
               .digest_version = kDigestVersion};
  put_worst(row, findings->worst);
  write_case(work.build.atlas, row, findings->worst.trial.candidate.scenario);
  keep_row(work, std::move(row));
  const std::lock_guard lock(work.mutex);
  ++work.built.made;
  return true;
}

bool exchange_cell(Building& work, const AtlasCell& cell, const std::vector<Json>& adversaries,
                   MadeBefore& made) {
  const auto worst = worst_of_adversaries(cell.scenario, adversaries, made, {.quiet = true});
  if (interrupted()) return false;
  std::unique_lock lock(work.mutex);
  AtlasRow row = work.table.at(cell.key);
  lock.unlock();
  if (!worst || !is_worse(worst->trial.value, row.worst)) return true;
  put_worst(row, *worst);
  write_case(work.build.atlas, row, worst->trial.candidate.scenario);
  keep_row(work, std::move(row));
  lock.lock();
  ++work.built.exchanged;
  return true;
}

// Hand-written attacks have been tried in every cell. Afterwards no case of the setting damages
// another rule more than that rule's own: the attacks that are left are some of those that every
// cell was tried with.
void exchange(Building& work, const std::string& setting, const std::vector<AtlasCell>& cells) {
  const auto adversaries = adversaries_of(work.build.atlas, work.table, setting, Stored::searched);
  const std::string before = digest_of_adversaries(adversaries);
  const auto is_done = [&](const AtlasCell& cell) {
    return work.table.at(cell.key).exchanged == before;
  };
  if (std::all_of(cells.begin(), cells.end(), is_done)) return;
  for_each_cell(work, "exchange in " + setting, cells,
                [&](const AtlasCell& cell, MadeBefore& made) {
                  return exchange_cell(work, cell, adversaries, made);
                });
  if (work.built.interrupted) return;
  const std::string after = digest_of_adversaries(
      adversaries_of(work.build.atlas, work.table, setting, Stored::searched));
  for (const AtlasCell& cell : cells) work.table.at(cell.key).exchanged = after;
  write_cells(work.build.atlas, work.table);
}

// Also those of rules that this build leaves out: all have to withstand what it finds.
std::vector<AtlasCell> cells_in_table(const AtlasTable& table, const AtlasSetting& setting) {
  std::vector<AtlasCell> cells;
  for (const auto& [key, row] : table)
    if (key.setting == setting.name)
      // Rows of a setting that has changed since are made again first, when they are asked for.
      if (auto scenario = cell_scenario(setting, key.rule, key.nnm);
          scenario && id_of_cell(*scenario) == row.cell)
        cells.push_back({key, std::move(*scenario)});
  return cells;
}

}  // namespace

void put_worst(AtlasRow& row, const FoundAttack& worst) {
  row.worst = worst.trial.value;
  row.attack = worst.attack;
  row.finder = worst.finder;
  row.digest = worst.trial.digest;
}

std::vector<Json> adversaries_of(const fs::path& atlas, const AtlasTable& table,
                                 const std::string& setting, Stored which) {
  std::vector<Json> adversaries;
  std::set<std::string> known;
  for (const auto& [key, row] : table) {
    if (key.setting != setting) continue;
    if (which == Stored::searched && row.finder == kHandWritten) continue;
    Json adversary = adversary_of(read_case(atlas, key));
    if (known.insert(adversary.dump()).second) adversaries.push_back(std::move(adversary));
  }
  return adversaries;
}

std::string digest_of_adversaries(const std::vector<Json>& adversaries) {
  std::string text;
  for (const Json& each : adversaries) text += each.dump() + "\n";
  return to_hex(digest_of(text));
}

AtlasBuilt build_atlas(const AtlasBuild& build) {
  const std::vector<std::string> asked = rules_to_build(build);
  const std::vector<AtlasSetting> settings = settings_of(build);
  Building work{build, read_cells(build.atlas)};
  for (const AtlasSetting& setting : settings) check_setting(setting);
  for (const AtlasSetting& setting : settings) {
    std::vector<AtlasCell> missing;
    for (AtlasCell& cell : cells_of(setting, asked))
      if (is_up_to_date(work, cell))
        ++work.built.found;
      else
        missing.push_back(std::move(cell));
    for_each_cell(work, setting.name, missing, [&](const AtlasCell& cell, MadeBefore& made) {
      return build_cell(work, cell, made);
    });
    if (work.built.interrupted) break;
    exchange(work, setting.name, cells_in_table(work.table, setting));
    if (work.built.interrupted) break;
  }
  return std::move(work.built);
}

}  // namespace byzsim
