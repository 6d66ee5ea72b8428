#include "adversaries/plugins/plugin_library.h"

#include <dlfcn.h>
#include <fmt/format.h>
#if __has_include(<elf.h>)
#include <elf.h>
#endif

#include <cstdint>
#include <cstring>
#include <optional>
#include <set>
#include <utility>

#include "adversaries/plugins/isolated_plugin.h"
#include "adversaries/plugins/open_plugin.h"
#include "adversaries/plugins/plugin_guard.h"
#include "adversaries/plugins/plugin_layout.h"
#include "adversaries/plugins/process_state.h"
#include "core/check.h"
#include "core/exact/digest.h"
#include "core/exact/floating_point.h"
#include "sim/results/results.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const PluginFile& plugin, const std::string& problem,
                         const std::string& remedy) {
  throw InputError({plugin.file, problem, remedy});
}

#if __has_include(<elf.h>)

#if defined(__x86_64__)
constexpr unsigned kThisMachine = EM_X86_64;
constexpr const char* kBuildForIt = "build it for x86-64";
#elif defined(__aarch64__)
constexpr unsigned kThisMachine = EM_AARCH64;
constexpr const char* kBuildForIt = "build it for aarch64";
#else
constexpr unsigned kThisMachine = EM_NONE;  // not known here: the loader's to refuse
constexpr const char* kBuildForIt = "";
#endif

// The loader believes what a library's headers promise, and dies of one that is cut short.
void check_whole(const std::string& bytes, const PluginFile& plugin) {
  Elf64_Ehdr header;
  if (bytes.size() < sizeof header || !bytes.starts_with(ELFMAG)) return;  // the loader's to refuse
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.e_machine != kThisMachine && kThisMachine != EM_NONE)
    refuse(plugin, fmt::format("was built for another machine ({} in ELF)", header.e_machine),
           kBuildForIt);
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

#else

void check_whole(const std::string&, const PluginFile&) {}  // of another format than ELF

#endif

// A library that cannot be unloaded by itself while its functions are called.
void* open_library(const PluginFile& plugin) {
  void* library = ::dlopen(plugin.file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library != nullptr) return library;
  const char* reason = ::dlerror();
  refuse(plugin, fmt::format("cannot be loaded: {}", reason ? reason : ""),
         "build it with -shared -fPIC");
}

// Loading alone runs code of the library, and one linked with fast-math flushes denormals then.
void check_process(const ProcessState& before, const PluginFile& plugin) {
  if (const char* problem = floating_point_problem()) {
    reset_floating_point();
    refuse(plugin,
           fmt::format("changes the floating-point environment when it is loaded: {}", problem),
           "build the plugin without -ffast-math and -Ofast");
  }
  if (const std::string change = before.change(); !change.empty())
    refuse(plugin, change + " when it was loaded", "fix the plugin, or do without it");
}

PluginEntries entries_of(void* library, bool with_state, const PluginFile& plugin) {
  const void* symbol = ::dlsym(library, "byzsim_plugin_exports");
  if (symbol == nullptr)
    refuse(plugin, "is not a byzsim plugin: it does not export byzsim_plugin_exports",
           "define it as byzsim_plugin.h describes");
  const byzsim_sizes sizes = read_sizes(::dlsym(library, "byzsim_plugin_sizes"), plugin);
  const byzsim_plugin exports =
      read_plugin(*static_cast<const byzsim_plugin*>(symbol), sizes, plugin);
  return read_exports(exports, sizes, with_state, plugin);
}

// Libraries that keep no state need not say so.
bool declares_state(void* library) {
  const void* symbol = ::dlsym(library, "byzsim_plugin_keeps_state");
  return symbol != nullptr && *static_cast<const std::int32_t*>(symbol) != 0;
}

void add_strategies(PluginEntries entries) {
  for (Attack& attack : entries.attacks) add_attack(std::move(attack));
  for (Scheduler& scheduler : entries.schedulers) add_scheduler(std::move(scheduler));
  for (Rule& rule : entries.rules) add_rule(std::move(rule));
  for (ModelEntry& model : entries.models) add_model(std::move(model));
  for (DatasetEntry& dataset : entries.datasets) add_dataset(std::move(dataset));
}

// What has been loaded in this process, and how.
struct LoadedPlugins {
  std::set<std::string> digests, with_state;
  std::optional<int> isolated_seconds;
  bool state_claimed = false;
};

LoadedPlugins& loaded() {
  static LoadedPlugins plugins;
  return plugins;
}

}  // namespace

void isolate_plugins(int seconds) {
  BYZ_CHECK(seconds > 0, "a call of a plugin may take some time");
  BYZ_CHECK(!any_plugin_loaded(), "plugins are isolated before any is loaded");
  loaded().isolated_seconds = seconds;
}

bool is_plugin_loaded(const std::string& digest) { return loaded().digests.contains(digest); }

bool any_plugin_loaded() { return !loaded().digests.empty(); }

bool keeps_state(const PluginFile& plugin) { return loaded().with_state.contains(plugin.digest); }

void note_interpreted(const PluginFile& plugin) {
  BYZ_CHECK(plugin.is_interpreted(), "a library is loaded by load_plugin");
  loaded().digests.insert(plugin.digest);
}

bool claim_state() { return !std::exchange(loaded().state_claimed, true); }

OpenPlugin open_plugin(const PluginFile& plugin) {
  guard_against_plugins();
  const std::string place = fmt::format("plugin {}, while it is loaded", plugin.file);
  const GuardedCall guard(place.c_str());
  const ProcessState before;
  void* library = open_library(plugin);
  guard_against_plugins();  // before what the library does at exit
  check_process(before, plugin);
  const bool with_state = declares_state(library);
  return {entries_of(library, with_state, plugin), with_state};
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
  const std::optional<int> seconds = loaded().isolated_seconds;
  OpenPlugin opened = seconds ? open_isolated(plugin, *seconds) : open_plugin(plugin);
  add_strategies(std::move(opened.entries));
  guard_against_plugins();  // before the tables are destroyed at exit
  loaded().digests.insert(plugin.digest);
  if (opened.keeps_state) loaded().with_state.insert(plugin.digest);
  return plugin;
}

}  // namespace byzsim
