// What a plugin offers, as one process tells another.
#pragma once

#include "adversaries/plugins/open_plugin.h"
#include "core/input/issue.h"
#include "core/input/json.h"
#include "core/input/parameters.h"

namespace byzsim {

Json declared_json(const Declaration& declaration);
Declaration declaration_of(const Json& json, const PluginFile& plugin);

Json issues_json(const Issues& issues);
Issues issues_from(const Json& json);

}  // namespace byzsim
