// What can be read about commands: the source of --help, man pages and completions.
#pragma once

#include <string>
#include <vector>

#include "tools/line/command.h"

namespace byzsim {

/// An option of a command, or a word that follows it.
struct OptionHelp {
  std::string name;   ///< "--set", or of a word "SCENARIO"
  std::string value;  ///< "/POINTER=VALUE"; empty: it takes none
  std::string help;
  bool required = false;
  bool several = false;        ///< may be given more than once
  Candidates candidates = {};  ///< null: any text
};

struct CommandHelp {
  std::string name;  ///< "run", "sweep plan"; empty: byzsim itself
  std::string summary;
  std::string notes;     ///< empty, or whole lines
  std::string examples;  ///< indented lines
  std::vector<OptionHelp> words;
  std::vector<OptionHelp> options;
  std::vector<CommandHelp> commands;
};

/// That of byzsim, with all commands within it.
CommandHelp command_help();

/// That of the command that is called so ("byzsim", "byzsim sweep plan"). byzsim's own where no
/// command is called so.
CommandHelp help_called(const CommandHelp& byzsim, const std::string& called);

}  // namespace byzsim
