#include "adversaries/plugins/plugin_library.h"

#include <dlfcn.h>
#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "adversaries/plugins/plugin_declaration.h"
#include "adversaries/plugins/plugin_strategies.h"
#include "core/digest.h"
#include "core/floating_point.h"
#include "sim/results/results.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

struct Close {
  void operator()(void* library) const { ::dlclose(library); }
};
using Library = std::unique_ptr<void, Close>;

[[noreturn]] void refuse(const PluginFile& plugin, const std::string& problem,
                         const std::string& remedy) {
  throw InputError({plugin.file, problem, remedy});
}

// The loader believes what a library's headers promise, and dies of one that is cut short.
void check_whole(const std::string& bytes, const PluginFile& plugin) {
  Elf64_Ehdr header;
  if (bytes.size() < sizeof header || !bytes.starts_with(ELFMAG)) return;  // the loader's to refuse
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.e_machine != EM_X86_64)
    refuse(plugin, fmt::format("was built for another machine ({} in ELF)", header.e_machine),
           "build it for x86-64");
  for (std::size_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr part;
    const std::size_t at = header.e_phoff + i * sizeof part;
    const bool there = at < bytes.size() && bytes.size() - at >= sizeof part;
    if (there) std::memcpy(&part, bytes.data() + at, sizeof part);
    const std::size_t needed = there ? part.p_offset + part.p_filesz : at + sizeof part;
    if (!there || part.p_offset > bytes.size() || part.p_filesz > bytes.size() - part.p_offset)
      refuse(plugin,
             fmt::format("file is truncated: expected at least {} bytes, found {}", needed,
                         bytes.size()),
             "copy or build it again");
  }
}

// Loading alone runs code of the library, and one linked with fast-math flushes denormals then.
Library open_library(const PluginFile& plugin) {
  Library library(::dlopen(plugin.file.c_str(), RTLD_NOW | RTLD_LOCAL));
  if (!library) {
    const char* reason = ::dlerror();
    refuse(plugin, fmt::format("cannot be loaded: {}", reason ? reason : ""),
           "build it with -shared -fPIC");
  }
  if (const char* problem = floating_point_problem()) {
    library.reset();
    reset_floating_point();
    refuse(plugin,
           fmt::format("changes the floating-point environment when it is loaded: {}", problem),
           "build the plugin without -ffast-math and -Ofast");
  }
  return library;
}

const byzsim_plugin& exports_of(void* library, const PluginFile& plugin) {
  const void* symbol = ::dlsym(library, "byzsim_plugin_exports");
  if (symbol == nullptr)
    refuse(plugin, "is not a byzsim plugin: it does not export byzsim_plugin_exports",
           "define it as byzsim_plugin.h describes");
  const auto& exports = *static_cast<const byzsim_plugin*>(symbol);
  if (exports.abi != BYZSIM_PLUGIN_ABI)
    refuse(plugin,
           fmt::format(
               "was built for version {} of the plugin interface, but this program has version {}",
               exports.abi, BYZSIM_PLUGIN_ABI),
           "build it with the byzsim_plugin.h of this program");
  return exports;
}

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
                                   std::size_t count, const Table<Entry>& table, Make make,
                                   Broken broken, const PluginFile& plugin, Issues& issues) {
  std::vector<Entry> entries;
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

void add_strategies(const byzsim_plugin& exports, const PluginFile& plugin) {
  Issues issues;
  auto new_attacks = read_strategies("attack", exports.attacks, exports.attack_count, attacks(),
                                     plugin_attack, broken_attack, plugin, issues);
  auto new_schedulers =
      read_strategies("scheduler", exports.schedulers, exports.scheduler_count, schedulers(),
                      plugin_scheduler, broken_scheduler, plugin, issues);
  auto new_rules = read_strategies("rule", exports.rules, exports.rule_count, rules(), plugin_rule,
                                   broken_rule, plugin, issues);
  if (issues.empty() && new_attacks.empty() && new_schedulers.empty() && new_rules.empty())
    issues.push_back({plugin.file, "has no strategies", ""});
  throw_if_any(issues);
  for (Attack& attack : new_attacks) add_attack(std::move(attack));
  for (Scheduler& scheduler : new_schedulers) add_scheduler(std::move(scheduler));
  for (Rule& rule : new_rules) add_rule(std::move(rule));
}

template <class Entry>
bool any_of_digest(const Table<Entry>& table, const std::string& digest) {
  return std::any_of(table.begin(), table.end(), [&](const Entry& entry) {
    return entry.declaration.plugin && entry.declaration.plugin->digest == digest;
  });
}

}  // namespace

bool is_plugin_loaded(const std::string& digest) {
  return any_of_digest(attacks(), digest) || any_of_digest(schedulers(), digest) ||
         any_of_digest(rules(), digest);
}

PluginFile load_plugin(const fs::path& file, const std::string& expected) {
  const std::string bytes = read_text(file);
  const PluginFile plugin{fs::canonical(file).string(), to_hex(digest_of(bytes))};
  if (!expected.empty() && plugin.digest != expected)
    refuse(plugin,
           fmt::format("has the digest {} instead of {}: it is another plugin", plugin.digest,
                       expected),
           "give the file that was used, with --plugin FILE");
  if (is_plugin_loaded(plugin.digest)) return plugin;
  check_whole(bytes, plugin);
  Library library = open_library(plugin);
  add_strategies(exports_of(library.get(), plugin), plugin);
  library.release();
  return plugin;
}

}  // namespace byzsim
