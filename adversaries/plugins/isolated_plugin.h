// A plugin in processes of its own: byzsim gives them copies of the inputs and takes an answer
// back, so that nothing that the plugin does reaches byzsim's memory.
//
// A run gives the same bits whether its plugins are isolated or not; it is slower.
#pragma once

#include "adversaries/plugins/open_plugin.h"

namespace byzsim {

/// Loads the library into another process, from which further ones are made, one for each call at a
/// time. A call may use `seconds` of processor time, and ten times as long in all. Throws
/// InputError as load_plugin does, also where the library ends that process.
OpenPlugin open_isolated(const PluginFile& plugin, int seconds);

}  // namespace byzsim
