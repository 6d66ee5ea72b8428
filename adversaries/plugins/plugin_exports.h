// What a library exports: read without trust, and turned into entries of the tables.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "adversaries/plugins/byzsim_plugin.h"
#include "adversaries/plugins/plugin_data.h"
#include "adversaries/plugins/plugin_strategies.h"
#include "core/input/parameters.h"

namespace byzsim {

/// The strategies of one library as entries of the tables, and the functions behind them, by which
/// the process of an isolated plugin answers.
struct PluginEntries {
  std::vector<Attack> attacks;
  std::vector<Scheduler> schedulers;
  std::vector<Rule> rules;
  std::vector<ModelEntry> models = {};
  std::vector<DatasetEntry> datasets = {};
  std::map<std::string, PluginCrafters> crafters = {};  ///< by attack
  std::map<std::string, PluginChooser> choosers = {};   ///< by scheduler
  std::map<std::string, std::pair<Declaration, PluginModelCalls>> model_calls = {};
  std::map<std::string, std::pair<Declaration, PluginDatasetCalls>> dataset_calls = {};
};

/// Reads what a library of these sizes exports. Throws InputError with everything that is wrong
/// with the declarations: names that are taken, ranges without a value, functions that are missing,
/// no strategy at all.
PluginEntries read_exports(const byzsim_plugin& exports, const byzsim_sizes& sizes,
                           bool keeps_state, const PluginFile& plugin);

}  // namespace byzsim
