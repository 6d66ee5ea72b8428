// Completion scripts for bash, zsh and fish, from the same declarations as --help.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <utility>
#include <vector>

#include "core/input/issue.h"
#include "tools/line/command.h"
#include "tools/line/command_help.h"
#include "tools/line/output.h"

namespace byzsim {
namespace {

using Names = std::vector<std::string>;

// The names that a command takes beside its options and files.
Names arguments_of(const CommandHelp& command) {
  Names names;
  for (const OptionHelp& word : command.words) {
    // Files and directories: the shell completes them itself.
    if (!word.candidates) continue;
    const Names more = word.candidates();
    names.insert(names.end(), more.begin(), more.end());
  }
  return names;
}

// Commands before those within them, as a shell meets them: "run", "sweep", "sweep plan", ...
std::vector<CommandHelp> all_commands(const CommandHelp& byzsim) {
  std::vector<CommandHelp> all;
  for (const CommandHelp& command : byzsim.commands) {
    all.push_back(command);
    all.insert(all.end(), command.commands.begin(), command.commands.end());
  }
  return all;
}

std::string last_word(const std::string& name) { return name.substr(name.rfind(' ') + 1); }

Names last_words(const std::vector<CommandHelp>& commands) {
  Names names;
  for (const CommandHelp& command : commands) names.push_back(last_word(command.name));
  return names;
}

Names candidate_words(const CommandHelp& command) {
  if (!command.commands.empty()) return last_words(command.commands);
  Names words = arguments_of(command);
  for (const OptionHelp& option : command.options) words.push_back(option.name);
  return words;
}

// The commands that have others within them, as alternatives of a shell's case.
std::string outer_commands(const CommandHelp& byzsim) {
  Names names;
  for (const CommandHelp& command : byzsim.commands)
    if (!command.commands.empty()) names.push_back(command.name);
  return fmt::format("{}", fmt::join(names, "|"));
}

void print_bash(const CommandHelp& byzsim) {
  print_text(
      "_byzsim() {{\n"
      "  local word=\"${{COMP_WORDS[COMP_CWORD]}}\" command=\"\" words=\"{}\"\n"
      "  [ \"$COMP_CWORD\" -gt 1 ] && command=\"${{COMP_WORDS[1]}}\"\n"
      "  case \"$command\" in\n"
      "    {}) [ \"$COMP_CWORD\" -gt 2 ] && command=\"$command ${{COMP_WORDS[2]}}\" ;;\n"
      "  esac\n"
      "  case \"$command\" in\n",
      fmt::join(last_words(byzsim.commands), " "), outer_commands(byzsim));
  for (const CommandHelp& command : all_commands(byzsim))
    print_text("    \"{}\") words=\"{}\" ;;\n", command.name,
               fmt::join(candidate_words(command), " "));
  print_text(
      "  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}}\n"
      "complete -o default -F _byzsim byzsim\n");
}

// Within single quotes, as every shell here reads them.
std::string shell_quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return result + "'";
}

// "NAME:what it does" as zsh's _describe takes it, where a colon ends the name.
std::string described(const std::string& name, const std::string& help) {
  return shell_quoted(name + ":" + help);
}

// A file for zsh's fpath, or to be sourced.
void print_zsh(const CommandHelp& byzsim) {
  print_text(
      "#compdef byzsim\n_byzsim() {{\n  local -a commands options names\n  local command=''\n"
      "  (( CURRENT > 2 )) && command=$words[2]\n  case $command in\n"
      "    {}) (( CURRENT > 3 )) && command=\"$command $words[3]\" ;;\n  esac\n"
      "  case $command in\n    '') commands=(",
      outer_commands(byzsim));
  for (const CommandHelp& command : byzsim.commands)
    print_text("\n      {}", described(command.name, command.summary));
  print_text(") ;;\n");
  for (const CommandHelp& command : all_commands(byzsim)) {
    print_text("    {})", shell_quoted(command.name));
    if (!command.commands.empty()) {
      print_text(" commands=(");
      for (const CommandHelp& inner : command.commands)
        print_text("\n      {}", described(last_word(inner.name), inner.summary));
      print_text(") ;;\n");
      continue;
    }
    print_text(" options=(");
    for (const OptionHelp& option : command.options)
      print_text("\n      {}", described(option.name, option.help));
    print_text(")\n      names=({}) ;;\n", fmt::join(arguments_of(command), " "));
  }
  print_text(
      "  esac\n"
      "  if (( $#commands )); then _describe command commands; return; fi\n"
      "  if [[ $PREFIX == -* ]]; then _describe option options; return; fi\n"
      "  (( $#names )) && compadd -a names\n"
      "  _files\n}}\n"
      "if [ \"$funcstack[1]\" = _byzsim ]; then _byzsim \"$@\"; else compdef _byzsim byzsim; fi\n");
}

// fish's condition for being within a command, and in none within it.
std::string within(const CommandHelp& command) {
  std::string condition = "__byzsim_within " + command.name;
  if (!command.commands.empty())
    condition += fmt::format("; and not __fish_seen_subcommand_from {}",
                             fmt::join(last_words(command.commands), " "));
  return shell_quoted(condition);
}

void print_fish(const CommandHelp& byzsim) {
  print_text(
      "function __byzsim_within\n"
      "  set -l words (commandline -opc)\n"
      "  set -e words[1]\n"
      "  set -l depth (count $argv)\n"
      "  test (count $words) -ge $depth\n"
      "  and test \"$words[1..$depth]\" = \"$argv\"\n"
      "end\n");
  for (const CommandHelp& command : byzsim.commands)
    print_text("complete -c byzsim -n __fish_use_subcommand -a {} -d {}\n", command.name,
               shell_quoted(command.summary));
  for (const CommandHelp& command : all_commands(byzsim)) {
    for (const CommandHelp& inner : command.commands)
      print_text("complete -c byzsim -n {} -a {} -d {}\n", within(command), last_word(inner.name),
                 shell_quoted(inner.summary));
    if (!command.commands.empty()) continue;
    for (const OptionHelp& option : command.options)
      // fish takes long options without their dashes.
      print_text("complete -c byzsim -n {} -l {}{} -d {}\n", within(command), option.name.substr(2),
                 option.value.empty() || option.value.front() == '[' ? "" : " -r",
                 shell_quoted(option.help));
    const Names arguments = arguments_of(command);
    if (!arguments.empty())
      print_text("complete -c byzsim -n {} -a {}\n", within(command),
                 shell_quoted(fmt::format("{}", fmt::join(arguments, " "))));
  }
}

using Print = void (*)(const CommandHelp&);
const std::vector<std::pair<std::string, Print>> kShells = {
    {"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};

Names shells() {
  Names names;
  for (const auto& [name, print] : kShells) names.push_back(name);
  return names;
}

struct CompletionsOptions {
  std::string shell;
};

void offer_completions(CommandOptions& options, CompletionsOptions& own) {
  options.text("SHELL", own.shell, "bash, zsh or fish");
  options.complete("SHELL", shells);
}

int completions(const CompletionsOptions& own, const CommonOptions&) {
  for (const auto& [name, print] : kShells) {
    if (name != own.shell) continue;
    print(command_help());
    return kDone;
  }
  throw InputError({"", "unknown shell '" + own.shell + "'", choose_from(own.shell, shells())});
}

}  // namespace

Command completions_command() {
  return command("completions", "Print the completion script of a shell",
                 "  byzsim completions bash > ~/.local/share/bash-completion/completions/byzsim\n"
                 "  byzsim completions fish | source",
                 offer_completions, completions);
}

}  // namespace byzsim
