#include "tools/line/help_text.h"

#include <algorithm>

#include "tools/line/wrapped_text.h"

namespace byzsim {
namespace {

// Of help that goes to no terminal, too.
constexpr std::size_t kHelpColumns = 100;
constexpr std::size_t kTermColumns = 30;

std::string usage_of(const CommandHelp& command) {
  std::string usage = "Usage: byzsim";
  if (!command.name.empty()) usage += " " + command.name;
  // Every command has some: --help at least.
  usage += " [OPTIONS]";
  for (const OptionHelp& word : command.words) {
    const std::string shown = word.name + (word.several ? "..." : "");
    usage += word.required ? " " + shown : " [" + shown + "]";
  }
  if (!command.commands.empty()) usage += " COMMAND";
  return usage + "\n";
}

// "  --out DIR                   Directory of the result", on two lines if the term is long.
std::string entry_of(const std::string& term, const std::string& text) {
  std::string line = "  " + term;
  line += line.size() < kTermColumns ? std::string(kTermColumns - line.size(), ' ')
                                     : "\n" + std::string(kTermColumns, ' ');
  const std::size_t columns = std::min(output_columns(), kHelpColumns) - kTermColumns;
  return line + wrapped(text, columns, kTermColumns) + "\n";
}

std::string term_of(const OptionHelp& option) {
  std::string term = option.name == "--help" ? "-h, --help" : option.name;
  if (!option.value.empty()) term += " " + option.value;
  if (option.several) term += " ...";
  return term + (option.required ? " (required)" : "");
}

std::string entries_of(const std::string& heading, const std::vector<OptionHelp>& options) {
  std::string text = options.empty() ? "" : "\n" + heading + ":\n";
  for (const OptionHelp& option : options) text += entry_of(term_of(option), option.help);
  return text;
}

}  // namespace

std::string help_text(const CommandHelp& command) {
  std::string text = command.summary + "\n" + usage_of(command);
  text += entries_of("Arguments", command.words);
  text += entries_of("Options", command.options);
  if (!command.commands.empty()) text += "\nCommands:\n";
  for (const CommandHelp& inner : command.commands)
    text += entry_of(inner.name.substr(inner.name.rfind(' ') + 1), inner.summary);
  if (!command.notes.empty())
    text += "\n" + command.notes;
  else
    text += "\n";
  return text + "Examples:\n" + command.examples + "\n";
}

}  // namespace byzsim
