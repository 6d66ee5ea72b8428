// What a plugin offers, as the process of an isolated plugin sends it to byzsim: declarations of
// its strategies, and issues. Reading what was written gives the same.
#pragma once

#include "adversaries/plugins/open_plugin.h"
#include "core/input/issue.h"
#include "core/input/json.h"
#include "core/input/parameters.h"

namespace byzsim {

/// A declaration as JSON, and back; `plugin` is the file that it is of.
Json declared_json(const Declaration& declaration);
Declaration declaration_of(const Json& json, const PluginFile& plugin);

/// Issues as JSON, and back; what is no such list gives none.
Json issues_json(const Issues& issues);
Issues issues_from(const Json& json);

}  // namespace byzsim
