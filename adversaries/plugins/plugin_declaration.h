// What a plugin declares of a strategy: read without trust, because pointers may be null, texts
// endless and numbers anything.
#pragma once

#include <string>

#include "adversaries/plugins/byzsim_plugin.h"
#include "core/input/issue.h"
#include "core/input/parameters.h"

namespace byzsim {

/// The declaration as byzsim's own; the library's structs of parameters have `parameter_size`
/// bytes. Every mistake (no name, a default out of its range, a word list
/// without words, ...) is an issue at the plugin's file that begins with `called`, as "rule 2".
Declaration read_declaration(const byzsim_declaration& declared, std::size_t parameter_size,
                             const std::string& called, const PluginFile& plugin, Issues& issues);

}  // namespace byzsim
