#include "adversaries/plugins/plugin_layout.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "core/input/issue.h"

namespace byzsim {
namespace {

constexpr std::uint32_t kLargestStruct = 1 << 16;

[[noreturn]] void refuse_library(const PluginFile& plugin, const std::string& problem,
                                 const std::string& remedy) {
  throw InputError({plugin.file, problem, remedy});
}

// `least` is the size of the struct in the first version that has it.
void check_size(const char* what, std::uint32_t size, std::uint32_t least, std::uint32_t word,
                const PluginFile& plugin) {
  if (size >= least && size <= kLargestStruct && size % word == 0) return;
  refuse_library(plugin,
                 fmt::format("exports byzsim_plugin_sizes with {} bytes for {}, which must be a "
                             "multiple of {} in [{}, {}]",
                             size, what, word, least, kLargestStruct),
                 "leave its definition to byzsim_plugin.h");
}

}  // namespace

const byzsim_sizes kSizesOfVersion1 = {.sizes = 0,
                                       .plugin = offsetof(byzsim_plugin, least_abi),
                                       .declaration = sizeof(byzsim_declaration),
                                       .parameter = sizeof(byzsim_parameter),
                                       .attack = offsetof(byzsim_attack, state_bytes),
                                       .scheduler = offsetof(byzsim_scheduler, state_bytes),
                                       .rule = offsetof(byzsim_rule, growth),
                                       .model = sizeof(byzsim_model),
                                       .dataset = sizeof(byzsim_dataset)};

byzsim_sizes read_sizes(const void* exported, const PluginFile& plugin) {
  const byzsim_sizes& first = kSizesOfVersion1;
  if (exported == nullptr) return first;
  const auto own_size = read_struct<std::uint32_t>(exported, sizeof(std::uint32_t));
  check_size("itself", own_size, sizeof(byzsim_sizes), sizeof(std::uint32_t), plugin);
  const auto sizes = read_struct<byzsim_sizes>(exported, own_size);
  constexpr std::uint32_t kWord = sizeof(void*);
  check_size("the plugin", sizes.plugin, first.plugin, kWord, plugin);
  check_size("a declaration", sizes.declaration, first.declaration, kWord, plugin);
  check_size("a parameter", sizes.parameter, first.parameter, kWord, plugin);
  const std::uint32_t longer = sizes.declaration - first.declaration;
  check_size("an attack", sizes.attack, first.attack + longer, kWord, plugin);
  check_size("a scheduler", sizes.scheduler, first.scheduler + longer, kWord, plugin);
  check_size("a rule", sizes.rule, first.rule + longer, kWord, plugin);
  check_size("a model", sizes.model, first.model + longer, kWord, plugin);
  check_size("a data set", sizes.dataset, first.dataset + longer, kWord, plugin);
  return sizes;
}

byzsim_plugin read_plugin(const byzsim_plugin& exports, const byzsim_sizes& sizes,
                          const PluginFile& plugin) {
  const auto read = read_struct<byzsim_plugin>(&exports, sizes.plugin);
  if (read.abi == 0)
    refuse_library(plugin, "names version 0 of the plugin interface; the first is 1",
                   "begin byzsim_plugin_exports with BYZSIM_PLUGIN_ABI");
  const std::size_t least = read.least_abi == 0 ? read.abi : read.least_abi;
  if (least > BYZSIM_PLUGIN_ABI)
    refuse_library(plugin,
                   fmt::format("needs version {} of the plugin interface, but this program has "
                               "version {}",
                               least, BYZSIM_PLUGIN_ABI),
                   "use a byzsim that has it, or build the plugin with the byzsim_plugin.h of "
                   "this program");
  if (read.abi >= 2 && sizes.sizes == 0)
    refuse_library(plugin,
                   fmt::format("was built for version {} of the plugin interface, but does not "
                               "export byzsim_plugin_sizes",
                               read.abi),
                   "export it beside byzsim_plugin_exports; byzsim_plugin.h defines it");
  return read;
}

}  // namespace byzsim
