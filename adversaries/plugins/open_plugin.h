// A plugin in this process.
#pragma once

#include "adversaries/plugins/plugin_exports.h"
#include "core/input/parameters.h"

namespace byzsim {

/// A plugin and what it offers, not yet in the tables.
struct OpenPlugin {
  PluginEntries entries;
  bool keeps_state = false;
};

/// Loads the library into this process. Throws InputError as load_plugin does.
OpenPlugin open_plugin(const PluginFile& plugin);

}  // namespace byzsim
