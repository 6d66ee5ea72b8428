#include "adversaries/plugins/plugin_exports.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "adversaries/plugins/plugin_declaration.h"
#include "core/input/issue.h"

namespace byzsim {
namespace {

constexpr std::size_t kMostStrategies = 256;

// The table's names and what else the field calls them.
template <class Entry>
bool is_taken(const Table<Entry>& table, const std::string& name) {
  return std::any_of(table.begin(), table.end(), [&](const Entry& entry) {
    const auto& aliases = entry.declaration.aliases;
    return entry.declaration.name == name ||
           std::find(aliases.begin(), aliases.end(), name) != aliases.end();
  });
}

// The strategies of one kind as entries of their table. `broken` tells what else is wrong with one,
// or null.
template <class Entry, class Declared, class Make, class Broken>
std::vector<Entry> read_strategies(const std::string& kind, const Declared* declared,
                                   std::size_t count, const Table<Entry>& table, const Make& make,
                                   Broken broken, const PluginFile& plugin, Issues& issues) {
  std::vector<Entry> entries;
  if (count > kMostStrategies) {
    issues.push_back({plugin.file,
                      fmt::format("has {} {}s; {} are the most", count, kind, kMostStrategies),
                      ""});
    return entries;
  }
  for (std::size_t i = 0; declared != nullptr && i < count; ++i) {
    const std::string called = fmt::format("{} {}", kind, i);
    const Declaration declaration =
        read_declaration(declared[i].declaration, called, plugin, issues);
    const bool twice = std::any_of(entries.begin(), entries.end(), [&](const Entry& entry) {
      return entry.declaration.name == declaration.name;
    });
    if (twice || is_taken(table, declaration.name))
      issues.push_back({plugin.file,
                        fmt::format("there is {} {} \"{}\" already", kind == "attack" ? "an" : "a",
                                    kind, declaration.name),
                        "give it another name"});
    if (const char* problem = broken(declared[i]))
      issues.push_back({plugin.file, called + " " + problem, ""});
    entries.push_back(make(declared[i], declaration));
  }
  if (declared == nullptr && count > 0)
    issues.push_back({plugin.file, fmt::format("has {} {}s but declares none", count, kind), ""});
  return entries;
}

const char* broken_attack(const byzsim_attack& attack) {
  return attack.craft == nullptr ? "has no function craft" : nullptr;
}

const char* broken_scheduler(const byzsim_scheduler& scheduler) {
  return scheduler.choose == nullptr ? "has no function choose" : nullptr;
}

const char* broken_rule(const byzsim_rule& rule) {
  if (rule.aggregate == nullptr) return "has no function aggregate";
  for (const byzsim_bound& bound : {rule.proven, rule.computable})
    if (bound.times_f < 0 || bound.plus < 0 || bound.times_f + bound.plus < 1)
      return "has an invalid bound on n: n >= times_f * f + plus must require at least 1";
  return nullptr;
}

}  // namespace

PluginEntries read_exports(const byzsim_plugin& exports, bool keeps_state,
                           const PluginFile& plugin) {
  Issues issues;
  PluginEntries made;
  made.attacks = read_strategies(
      "attack", exports.attacks, exports.attack_count, attacks(),
      [&](const byzsim_attack& attack, const Declaration& declaration) {
        const PluginCrafters crafters = plugin_crafters(attack, declaration, keeps_state);
        made.crafters.emplace(declaration.name, crafters);
        return plugin_attack(crafters, attack.uses_honest != 0, attack.per_cluster != 0,
                             declaration);
      },
      broken_attack, plugin, issues);
  made.schedulers = read_strategies(
      "scheduler", exports.schedulers, exports.scheduler_count, schedulers(),
      [&](const byzsim_scheduler& scheduler, const Declaration& declaration) {
        const PluginChooser chooser = plugin_chooser(scheduler, declaration, keeps_state);
        made.choosers.emplace(declaration.name, chooser);
        return plugin_scheduler(chooser, declaration);
      },
      broken_scheduler, plugin, issues);
  made.rules = read_strategies(
      "rule", exports.rules, exports.rule_count, rules(),
      [&](const byzsim_rule& rule, const Declaration& declaration) {
        return plugin_rule(rule, declaration, keeps_state);
      },
      broken_rule, plugin, issues);
  if (issues.empty() && made.attacks.empty() && made.schedulers.empty() && made.rules.empty())
    issues.push_back({plugin.file, "has no strategies", ""});
  throw_if_any(issues);
  return made;
}

}  // namespace byzsim
