// Shared libraries with strategies from outside the tree: loaded, checked, and their strategies
// added to the tables. A library stays loaded until the program ends.
//
// A plugin is identified by the digest of its file. All plugins are loaded before anything runs, on
// one thread.
#pragma once

#include <filesystem>
#include <string>

#include "core/input/parameters.h"

namespace byzsim {

/// From now on a plugin is loaded into a process of its own, and each call may use that many
/// seconds of processor time there. Before any is loaded.
void isolate_plugins(int seconds);

/// Whether strategies of a file with this digest are in the tables.
bool is_plugin_loaded(const std::string& digest);
bool any_plugin_loaded();

/// Whether a loaded plugin declares that it keeps state between calls.
bool keeps_state(const PluginFile& plugin);
/// A strategy of an interpreter stands in a table from now on, under the digest of its source.
void note_interpreted(const PluginFile& plugin);
/// Whether no other run of this process has used plugins with state; from now on, this one has.
bool claim_state();

/// Adds the strategies of the file to the tables; nothing if a file of the same bytes has been
/// loaded. Before anything runs, and on one thread. Throws InputError for a file that cannot be
/// loaded, has another digest than `expected` (unless that is empty), needs a later version of the
/// interface, disturbs the floating-point environment, or declares something wrong; then nothing
/// of it is added.
PluginFile load_plugin(const std::filesystem::path& file, const std::string& expected = "");

}  // namespace byzsim
