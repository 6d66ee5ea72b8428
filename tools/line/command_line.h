// What the user typed, as a value. CLI11 is included by command_line.cpp alone.
#pragma once

#include <string>

#include "tools/line/command.h"

namespace byzsim {

/// The parsed arguments.
struct CommandLine {
  CommonOptions common;
  CommandAction action;  ///< of the command; null: print `text`
  std::string text;      ///< help, or the version
};

/// Parses the arguments. Throws InputError for bad usage, naming the nearest command or option.
/// Prints nothing: help is text in the answer.
CommandLine parse_command_line(int argc, const char* const* argv);

}  // namespace byzsim
