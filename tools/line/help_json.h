// Help for programs: what `byzsim COMMAND --help --json` prints.
#pragma once

#include "core/input/json.h"
#include "tools/line/command_help.h"

namespace byzsim {

/// {"name", "summary", "notes", "examples", "arguments": [...], "options": [...], "commands":
/// [...]} with the commands within it in the same form. An argument or option is {"name", "value",
/// "help", "required", "repeatable"}; without "value" an option takes none.
Json to_json(const CommandHelp& command);

}  // namespace byzsim
