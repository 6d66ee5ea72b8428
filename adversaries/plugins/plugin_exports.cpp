#include "adversaries/plugins/plugin_exports.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adversaries/plugins/plugin_declaration.h"
#include "adversaries/plugins/plugin_layout.h"
#include "core/input/issue.h"

namespace byzsim {
namespace {

constexpr std::size_t kMostStrategies = 256, kMostState = std::size_t{1} << 24,
                      kMostSenderVectors = 16;
constexpr const char* kTooMuchState = "declares more than 2^24 bytes of state";

// The table's names and what else the field calls them.
template <class Entry>
bool is_taken(const Table<Entry>& table, const std::string& name) {
  return std::any_of(table.begin(), table.end(), [&](const Entry& entry) {
    const auto& aliases = entry.declaration.aliases;
    return entry.declaration.name == name ||
           std::find(aliases.begin(), aliases.end(), name) != aliases.end();
  });
}

// The strategies of one kind as a library declares them.
template <class Declared>
struct DeclaredStrategies {
  std::string kind;
  const Declared* array;
  std::size_t count;
  std::size_t size;  // of one, in bytes
  const byzsim_sizes& sizes;
  const PluginFile& plugin;
};

// The same as entries of their table. `broken` tells what else is wrong with one, or null.
template <class Entry, class Declared, class Make, class Broken>
std::vector<Entry> read_strategies(const DeclaredStrategies<Declared>& declared,
                                   const Table<Entry>& table, const Make& make, Broken broken,
                                   Issues& issues) {
  const auto& [kind, array, count, size, sizes, plugin] = declared;
  std::vector<Entry> entries;
  if (count > kMostStrategies) {
    issues.push_back({plugin.file,
                      fmt::format("has {} {}s; {} are the most", count, kind, kMostStrategies),
                      ""});
    return entries;
  }
  for (std::size_t i = 0; array != nullptr && i < count; ++i) {
    const std::string called = fmt::format("{} {}", kind, i);
    const Declared strategy = read_strategy(array, i, size, sizes.declaration);
    const Declaration declaration =
        read_declaration(strategy.declaration, sizes.parameter, called, plugin, issues);
    const bool twice = std::any_of(entries.begin(), entries.end(), [&](const Entry& entry) {
      return entry.declaration.name == declaration.name;
    });
    if (twice || is_taken(table, declaration.name))
      issues.push_back({plugin.file,
                        fmt::format("there is {} {} \"{}\" already", kind == "attack" ? "an" : "a",
                                    kind, declaration.name),
                        "give it another name"});
    if (const char* problem = broken(strategy))
      issues.push_back({plugin.file, called + " " + problem, ""});
    entries.push_back(make(strategy, declaration));
  }
  if (array == nullptr && count > 0)
    issues.push_back({plugin.file, fmt::format("has {} {}s but declares none", count, kind), ""});
  return entries;
}

const char* broken_attack(const byzsim_attack& attack) {
  if (attack.state_bytes > kMostState) return kTooMuchState;
  return attack.craft == nullptr ? "has no function craft" : nullptr;
}

const char* broken_scheduler(const byzsim_scheduler& scheduler) {
  if (scheduler.state_bytes > kMostState) return kTooMuchState;
  return scheduler.choose == nullptr ? "has no function choose" : nullptr;
}

const char* broken_rule(const byzsim_rule& rule) {
  if (rule.aggregate == nullptr) return "has no function aggregate";
  if (rule.sender_vectors > kMostSenderVectors) return "keeps more than 16 vectors of each sender";
  for (const byzsim_bound& bound : {rule.proven, rule.computable})
    if (bound.times_f < 0 || bound.plus < 0 || bound.times_f + bound.plus < 1)
      return "has an invalid bound on n: n >= times_f * f + plus must require at least 1";
  if (rule.growth < BYZSIM_GROWTH_OF_COST || rule.growth > BYZSIM_GROWTH_PAIRS)
    return "has an unknown growth; byzsim_growth lists all";
  return nullptr;
}

const char* broken_model(const byzsim_model& model) {
  const bool whole = model.dimension && model.initialize && model.gradient && model.evaluate;
  return whole ? nullptr : "lacks one of dimension, initialize, gradient and evaluate";
}

const char* broken_dataset(const byzsim_dataset& dataset) {
  return dataset.shape && dataset.make ? nullptr : "lacks one of shape and make";
}

void read_data(const byzsim_plugin& exports, const byzsim_sizes& sizes, bool keeps_state,
               const PluginFile& plugin, PluginEntries& made, Issues& issues) {
  made.models = read_strategies(
      DeclaredStrategies<byzsim_model>{"model", exports.models, exports.model_count, sizes.model,
                                       sizes, plugin},
      models(),
      [&](const byzsim_model& model, const Declaration& declaration) {
        const PluginModelCalls calls = plugin_model_calls(model, declaration, keeps_state);
        made.model_calls.emplace(declaration.name, std::pair(declaration, calls));
        return plugin_model(calls, declaration);
      },
      broken_model, issues);
  made.datasets = read_strategies(
      DeclaredStrategies<byzsim_dataset>{"data set", exports.datasets, exports.dataset_count,
                                         sizes.dataset, sizes, plugin},
      datasets(),
      [&](const byzsim_dataset& dataset, const Declaration& declaration) {
        const PluginDatasetCalls calls = plugin_dataset_calls(dataset, declaration, keeps_state);
        made.dataset_calls.emplace(declaration.name, std::pair(declaration, calls));
        return plugin_dataset(calls, declaration);
      },
      broken_dataset, issues);
}

}  // namespace

PluginEntries read_exports(const byzsim_plugin& exports, const byzsim_sizes& sizes,
                           bool keeps_state, const PluginFile& plugin) {
  Issues issues;
  PluginEntries made;
  made.attacks = read_strategies(
      DeclaredStrategies<byzsim_attack>{"attack", exports.attacks, exports.attack_count,
                                        sizes.attack, sizes, plugin},
      attacks(),
      [&](const byzsim_attack& attack, const Declaration& declaration) {
        const PluginCrafters crafters = plugin_crafters(attack, declaration, keeps_state);
        made.crafters.emplace(declaration.name, crafters);
        return plugin_attack(crafters,
                             {attack.uses_honest != 0, attack.per_cluster != 0, attack.state_bytes},
                             declaration);
      },
      broken_attack, issues);
  made.schedulers = read_strategies(
      DeclaredStrategies<byzsim_scheduler>{"scheduler", exports.schedulers, exports.scheduler_count,
                                           sizes.scheduler, sizes, plugin},
      schedulers(),
      [&](const byzsim_scheduler& scheduler, const Declaration& declaration) {
        const PluginChooser chooser = plugin_chooser(scheduler, declaration, keeps_state);
        made.choosers.emplace(declaration.name, chooser);
        return plugin_scheduler(chooser, scheduler.state_bytes, declaration);
      },
      broken_scheduler, issues);
  made.rules = read_strategies(
      DeclaredStrategies<byzsim_rule>{"rule", exports.rules, exports.rule_count, sizes.rule, sizes,
                                      plugin},
      rules(),
      [&](const byzsim_rule& rule, const Declaration& declaration) {
        return plugin_rule(rule, declaration, keeps_state);
      },
      broken_rule, issues);
  read_data(exports, sizes, keeps_state, plugin, made, issues);
  if (issues.empty() && made.attacks.empty() && made.schedulers.empty() && made.rules.empty() &&
      made.models.empty() && made.datasets.empty())
    issues.push_back({plugin.file, "has no strategies", ""});
  throw_if_any(issues);
  return made;
}

}  // namespace byzsim
