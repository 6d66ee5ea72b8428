// Help for people: what `byzsim COMMAND --help` prints, whichever version of CLI11 parses.
#pragma once

#include <string>

#include "tools/line/command_help.h"

namespace byzsim {

/// Summary, usage, arguments, options, commands, notes and examples, in lines of at most 100
/// columns, or as many as the terminal has. Ends with a line feed.
std::string help_text(const CommandHelp& command);

}  // namespace byzsim
