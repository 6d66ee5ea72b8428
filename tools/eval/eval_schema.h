// What a line of `byzsim eval` may hold, as a JSON schema and as lines of help.
#pragma once

#include <string>

#include "core/input/json.h"

namespace byzsim {

/// JSON schema (2020-12) of one line in. Strategies of plugins that are loaded are in it.
Json eval_schema();

/// A line for each key, for `byzsim eval --help`.
std::string eval_keys_help();

}  // namespace byzsim
