// Shared libraries with strategies from outside the tree: loaded, checked, and their strategies
// added to the tables. A library stays loaded until the program ends.
#pragma once

#include <filesystem>
#include <string>

#include "core/parameters.h"

namespace byzsim {

/// Whether strategies of a file with this digest are in the tables.
bool is_plugin_loaded(const std::string& digest);

/// Adds the strategies of the file to the tables; nothing if a file of the same bytes has been
/// loaded. Before anything runs, and on one thread. Throws InputError for a file that cannot be
/// loaded, has another digest than `expected` (unless that is empty), speaks another version of the
/// interface, disturbs the floating-point environment, or declares something wrong; then nothing
/// of it is added.
PluginFile load_plugin(const std::filesystem::path& file, const std::string& expected = "");

}  // namespace byzsim
