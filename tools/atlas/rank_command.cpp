// `byzsim atlas rank`: where a rule is among those of the atlas.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/input/issue.h"
#include "core/input/parameter_reader.h"
#include "core/rules/rule.h"
#include "tools/atlas/atlas_report.h"
#include "tools/atlas/build_atlas.h"
#include "tools/input/scenario_source.h"
#include "tools/line/command.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"

namespace byzsim {
namespace {

struct AtlasRankOptions {
  std::string rule;
  std::vector<std::string> sets;
  bool nnm = false;
  std::int64_t evaluations = 0;
  std::string atlas = kAtlasDirectory;
};

void offer_atlas_rank(CommandOptions& options, AtlasRankOptions& own) {
  options.text("--rule NAME", own.rule, "The rule to place: built in, or of a --plugin");
  options.require("--rule");
  options.texts("--rule-set NAME=VALUE", own.sets, "Set a parameter of the rule");
  options.flag("--nnm", own.nnm, "Mix nearest neighbours before, for all rules");
  options.integer("--evaluations N", {0, 1'000'000}, own.evaluations,
                  "Runs of a search in each setting, after all stored attacks [default: 0]");
  offer_atlas(options, own.atlas);
}

Json rule_json(const AtlasRankOptions& own) {
  Json rule = {{"name", rule_called(own.rule, "--rule", rules().declarations())},
               {"parameters", Json::object()}};
  for (const std::string& set : own.sets) {
    const std::size_t equals = set.find('=');
    if (equals == std::string::npos || equals == 0)
      throw InputError({"--rule-set " + set, "must be name=value", "for example --rule-set f=2"});
    rule["parameters"][set.substr(0, equals)] =
        value_of(set.substr(equals + 1), "--rule-set " + set);
  }
  return rule;
}

// The worst of all stored attacks and of a search; nothing when it was interrupted.
std::optional<FoundAttack> worst_against(const AtlasRankOptions& own, const AtlasTable& table,
                                         const AtlasSetting& setting, const Scenario& cell) {
  MadeBefore made;
  const SearchWatch watch{.quiet = true};
  auto worst = worst_of_adversaries(
      cell, adversaries_of(own.atlas, table, setting.name, Stored::all), made, watch);
  if (own.evaluations == 0 || interrupted()) return worst;
  const auto searched = search_cell(cell, own.evaluations, made, watch);
  if (!searched) return std::nullopt;
  const bool deeper = !worst || is_worse(searched->worst.trial.value, worst->trial.value);
  return deeper ? searched->worst : worst;
}

RankedRule rank_of(const std::string& name, const std::vector<double>& accuracies, bool is_new) {
  RankedRule rule{name, 0, 1, is_new};
  for (const double each : accuracies) {
    rule.mean += each / double(accuracies.size());
    rule.least = std::min(rule.least, each);
  }
  return rule;
}

// The rules that have a cell in every one of these settings.
std::vector<RankedRule> stored_ranks(const AtlasTable& table, bool nnm,
                                     const std::vector<std::string>& settings) {
  std::map<std::string, std::vector<double>> of_rule;
  for (const auto& [key, row] : table)
    if (key.nnm == nnm &&
        std::find(settings.begin(), settings.end(), key.setting) != settings.end())
      of_rule[key.rule].push_back(accuracy_of(row.worst));
  std::vector<RankedRule> found;
  for (const auto& [name, accuracies] : of_rule)
    if (accuracies.size() == settings.size()) found.push_back(rank_of(name, accuracies, false));
  return found;
}

// Accuracies of a setting that has changed since are of another experiment.
void refuse_changed_settings(const AtlasTable& table, bool nnm,
                             const std::vector<std::string>& settings,
                             const std::vector<AtlasSetting>& all_settings) {
  for (const auto& [key, row] : table) {
    if (key.nnm != nnm ||
        std::find(settings.begin(), settings.end(), key.setting) == settings.end())
      continue;
    if (std::string change = change_of_setting(row, all_settings); !change.empty())
      throw InputError({"", std::move(change), ""});
  }
}

void print_ranking(const std::vector<RankedRule>& rules, const std::string& behind) {
  print_text("{:>5}  {:<30} {:>8} {:>8}\n", "place", "rule" + behind, "mean", "least");
  for (std::size_t i = 0; i < rules.size(); ++i)
    print_text("{:>5}  {:<30} {:>8.4f} {:>8.4f}\n", i + 1,
               rules[i].name + (rules[i].is_new ? " <- placed" : ""), rules[i].mean,
               rules[i].least);
}

// Before a setting is asked: a mistake in the rule's parameters is no condition of its own. Plugins
// are loaded.
void check_rule(const Json& rule) {
  Issues issues;
  Notes notes;
  read_choice(rules().declarations(), "rule", rule, "--rule", issues, notes);
  throw_if_any(issues);
  for (const std::string& note : notes) tell("note: {}\n", note);
}

int atlas_rank(const AtlasRankOptions& own, const CommonOptions& common) {
  const Json rule = rule_json(own);
  const AtlasTable table = require_cells(own.atlas);
  watch_for_interrupt();
  std::vector<std::string> settings;
  std::vector<double> accuracies;
  std::set<std::string> built;
  for (const auto& [key, row] : table) built.insert(key.setting);
  const std::vector<AtlasSetting> all_settings = read_settings(own.atlas, common.plugins);
  check_rule(rule);
  for (const AtlasSetting& setting : all_settings) {
    if (!built.contains(setting.name)) continue;
    const auto cell = cell_scenario(setting, rule, own.nnm);
    const auto worst = cell ? worst_against(own, table, setting, *cell) : std::nullopt;
    if (interrupted()) {
      tell("interrupted: not placed\n");
      return kInterrupted;
    }
    if (!worst) {
      print_text("{:<28} no cell: a condition refuses the rule\n", setting.name);
      continue;
    }
    print_text("{:<28} {:<9} {}\n", setting.name, accuracy_text(worst->trial.value), worst->attack);
    settings.push_back(setting.name);
    accuracies.push_back(accuracy_of(worst->trial.value));
  }
  if (settings.empty())
    throw InputError({"--rule " + own.rule, "cannot run in any setting of the atlas",
                      "byzsim describe " + own.rule + " shows its condition"});
  refuse_changed_settings(table, own.nnm, settings, all_settings);
  std::vector<RankedRule> all = stored_ranks(table, own.nnm, settings);
  all.push_back(rank_of(rule["name"], accuracies, true));
  print_text("\nby the mean accuracy of the worst cases in {} settings:\n", settings.size());
  print_ranking(ranked(std::move(all)), own.nnm ? " after nnm" : "");
  return kDone;
}

}  // namespace

Command atlas_rank_command() {
  return command("rank", "Place a rule among those of the atlas",
                 "  byzsim atlas rank --rule mda\n"
                 "  byzsim atlas rank --plugin my_rule.so --rule my_rule --evaluations 100",
                 offer_atlas_rank, atlas_rank);
}

}  // namespace byzsim
