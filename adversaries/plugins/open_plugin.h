// A plugin that is loaded into this process: faster than in a process of its own
// (isolated_plugin.h), but its faults can end byzsim.
#pragma once

#include "adversaries/plugins/plugin_exports.h"
#include "core/input/parameters.h"

namespace byzsim {

/// A plugin and what it offers, not yet in the tables.
struct OpenPlugin {
  PluginEntries entries;
  bool keeps_state = false;  ///< as it declares: then no answer is asked for twice and compared
};

/// Loads the library into this process. Throws InputError as load_plugin does.
OpenPlugin open_plugin(const PluginFile& plugin);

}  // namespace byzsim
