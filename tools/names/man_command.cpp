// Pages for man(1), in the macros of man(7), from the same declarations as --help.
#include <fmt/format.h>

#include <filesystem>
#include <sstream>

#include "core/input/issue.h"
#include "sim/results/provenance.h"
#include "sim/results/whole_files.h"
#include "tools/input/catalogue.h"
#include "tools/line/command.h"
#include "tools/line/command_help.h"
#include "tools/line/output.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

// A text that roff prints as it is: no escapes, no hyphens of typography, no requests.
std::string plain(const std::string& text) {
  std::string result;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) result += "\\&";
    if (c == '\\')
      result += "\\e";
    else if (c == '-')
      result += "\\-";
    else
      result += c;
    line_begins = c == '\n';
  }
  return result;
}

std::string bold(const std::string& text) { return "\\fB" + plain(text) + "\\fR"; }
std::string italic(const std::string& text) { return "\\fI" + plain(text) + "\\fR"; }

// "run" -> "byzsim run", "" -> "byzsim".
std::string called(const CommandHelp& command) {
  return command.name.empty() ? "byzsim" : "byzsim " + command.name;
}

// The name of a page: "byzsim-sweep-plan".
std::string page_name(const CommandHelp& command) {
  std::string name = called(command);
  for (char& c : name)
    if (c == ' ') c = '-';
  return name;
}

std::string shown(const OptionHelp& option) {
  return bold(option.name) + (option.value.empty() ? "" : " " + italic(option.value));
}

std::string synopsis(const CommandHelp& command) {
  std::string line = bold(called(command));
  if (!command.commands.empty()) line += " " + italic("COMMAND");
  for (const OptionHelp& word : command.words)
    line += " " + (word.required ? "" : std::string("[")) + italic(word.name) +
            (word.several ? "..." : "") + (word.required ? "" : "]");
  if (command.commands.empty()) line += " [" + italic("OPTIONS") + "]";
  return line;
}

std::string entry(const std::string& term, const std::string& text) {
  return ".TP\n" + term + "\n" + plain(text) + "\n";
}

// Indented lines, as they are.
std::string literal(const std::string& lines) { return ".nf\n" + plain(lines) + "\n.fi\n"; }

std::string man_section(const std::string& heading, const std::string& body) {
  return body.empty() ? "" : ".SH " + heading + "\n" + body;
}

std::string options_of(const CommandHelp& command) {
  std::string text;
  for (const OptionHelp& word : command.words) text += entry(italic(word.name), word.help);
  for (const OptionHelp& option : command.options)
    text += entry(shown(option), option.help + (option.several ? "; may be repeated" : ""));
  return text;
}

std::string commands_of(const CommandHelp& command) {
  std::string text;
  for (const CommandHelp& inner : command.commands)
    text += entry(bold(page_name(inner)) + "(1)", inner.summary);
  return text;
}

// The table of tools/line/command.h, in words.
std::string exit_codes() {
  return entry("0", "Done.") + entry("1", "Internal error; please report it with the scenario.") +
         entry("2", "Bad usage, scenario or data.") + entry("3", "A digest does not match.") +
         entry("4", "A sweep is incomplete.") +
         entry("5", "An expectation of a scenario or figure failed.") +
         entry("6",
               "A run stalled or ran out of time before its last step, and no expectation asks for "
               "that.") +
         entry("130", "Interrupted; what was finished is kept.");
}

std::string environment() {
  return entry("BYZSIM_DATA",
               "Directory with a folder for each set of data files (mnist, ...), for scenarios "
               "that name no directory.") +
         entry("BYZSIM_MEMORY",
               "Memory that a run may use (512 MiB, 4 GiB), where that is less than the machine's "
               "or its control group's.") +
         entry("TMPDIR",
               "Directory for vectors that wait for nodes that lag and do not fit into memory "
               "[default: /var/tmp].");
}

std::string files() {
  return entry("results/NAME/ID/", "A run: run.json, metrics.csv, digests.csv, gathers.csv.") +
         entry("results/NAME/sweep\\-ID/", "A sweep: plan.jsonl, runs/, summary.csv, curves.csv.");
}

std::string page_of(const CommandHelp& command, const CommandHelp& above) {
  const bool whole = command.name.empty();
  std::string title = page_name(command);
  // Not toupper(), which depends on the locale.
  for (char& c : title) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  // Without a date: one version has one page, whenever it is made.
  std::string text = fmt::format(".TH {} 1 \"\" \"byzsim {}\" \"User Commands\"\n", plain(title),
                                 plain(provenance().version));
  text += man_section("NAME", plain(page_name(command)) + " \\- " + plain(command.summary) + "\n");
  text += man_section("SYNOPSIS", synopsis(command) + "\n");
  if (!command.notes.empty()) text += man_section("DESCRIPTION", literal(command.notes));
  text += man_section("COMMANDS", commands_of(command));
  text += man_section("OPTIONS", options_of(command));
  text += man_section("EXIT STATUS", exit_codes());
  text += man_section("ENVIRONMENT", environment());
  if (whole) text += man_section("FILES", files());
  text += man_section("EXAMPLES", literal(command.examples));
  if (!whole) text += man_section("SEE ALSO", bold(page_name(above)) + "(1)\n");
  return text;
}

struct Page {
  std::string name;
  std::string text;
};

void add_pages(const CommandHelp& command, const CommandHelp& above, std::vector<Page>& pages) {
  pages.push_back({page_name(command), page_of(command, above)});
  for (const CommandHelp& inner : command.commands) add_pages(inner, command, pages);
}

struct ManOptions {
  std::string command;  // empty: byzsim itself
  std::string out;      // a directory for all pages; empty: none
};

void offer_man(CommandOptions& options, ManOptions& own) {
  options.text("[COMMAND]", own.command, "run, sweep-plan, ... [default: byzsim itself]");
  options.text("--out DIR", own.out, "Write all pages into this directory");
}

int man(const ManOptions& own, const CommonOptions&) {
  const CommandHelp byzsim = command_help();
  std::vector<Page> pages;
  add_pages(byzsim, byzsim, pages);
  if (!own.out.empty()) {
    fs::create_directories(own.out);
    for (const Page& page : pages) write_whole(fs::path(own.out) / (page.name + ".1"), page.text);
    return kDone;
  }
  std::vector<std::string> commands;
  for (const Page& page : pages) {
    // Both "run" and "byzsim-run" name its page.
    const std::string command = page.name == "byzsim" ? "" : page.name.substr(7);
    if (own.command == command || own.command == page.name) {
      print_text("{}", page.text);
      return kDone;
    }
    if (!command.empty()) commands.push_back(command);
  }
  throw InputError({"", "unknown command '" + own.command + "'",
                    choose_near(own.command, commands, "byzsim --help lists all")});
}

}  // namespace

Command man_command() {
  return command("man", "Print the manual page of a command",
                 "  byzsim man run | man -l -\n"
                 "  byzsim man --out ~/.local/share/man/man1",
                 offer_man, man);
}

}  // namespace byzsim
