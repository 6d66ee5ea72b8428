#include "tools/line/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "core/input/issue.h"
#include "sim/results/provenance.h"
#include "tools/line/command_help.h"
#include "tools/line/commands.h"
#include "tools/line/help_json.h"
#include "tools/line/help_text.h"
#include "tools/line/typed_words.h"

namespace byzsim {
namespace {

constexpr const char* kSummary =
    "A deterministic simulator of asynchronous Byzantine machine learning";
constexpr const char* kExamples = "  byzsim run quickstart\n  byzsim describe mda";

CLI::Validator integer_within(CommandOptions::Within range) {
  // CLI11's own check speaks of ranges even where the word is no number.
  return CLI::Validator(
      [range](std::string& word) -> std::string {
        // Twelve digits fit into a long: stol() cannot throw.
        const bool digits = !word.empty() && word.size() <= 12 &&
                            word.find_first_not_of("0123456789") == std::string::npos;
        if (digits && std::stol(word) >= range.low && std::stol(word) <= range.high) return "";
        return "must be an integer in [" + std::to_string(range.low) + ", " +
               std::to_string(range.high) + "], not \"" + word + "\"";
      },
      "");
}

CLI::Validator not_empty() {
  return CLI::Validator(
      [](std::string& word) { return word.empty() ? std::string("must not be empty") : ""; }, "");
}

template <class Value>
CLI::Option* add_option(CLI::App& command, const std::string& shown, Value& value,
                        const std::string& help) {
  const std::size_t space = shown.find(' ');
  if (space != std::string::npos)
    return command.add_option(shown.substr(0, space), value, help)
        ->type_name(shown.substr(space + 1));
  const bool optional = shown.front() == '[';
  const std::string name = optional ? shown.substr(1, shown.size() - 2) : shown;
  return command.add_option(name, value, help)->type_name("")->required(!optional);
}

// What the definition of a command left: its action, which holds its values.
struct Declared {
  CommandAction action;
  std::map<std::string, Candidates> candidates;
  std::map<std::string, OptionalValue> optional_values;
  std::set<std::string> required_words;
};

struct Parser {
  CommonOptions common;
  CommandAction chosen;  // null until a command is parsed
  // Nodes of a map stay where they are, and the commands' callbacks refer to them.
  std::map<const CLI::App*, Declared> declared;
  CLI::App app{kSummary, "byzsim"};
};

void offer_plugins(CommandOptions& options, CommonOptions& common) {
  options.texts("--plugin FILE", common.plugins,
                "Add the strategies of a shared library (byzsim_plugin.h)");
  options.flag("--isolate-plugins", common.isolate_plugins,
               "Run plugins in processes of their own, which they cannot leave");
  options.integer("--plugin-seconds N", {1, 86400}, common.plugin_seconds,
                  "Processor time that a call into an isolated plugin may use [default: 60]");
  options.need("--plugin-seconds", "--isolate-plugins");
}

void add_command(CLI::App& app, const Command& command, Parser& parser) {
  CLI::App* added = app.add_subcommand(command.name, command.summary);
  for (const Command& inner : command.commands) add_command(*added, inner, parser);
  if (!command.define) {
    added->require_subcommand(1);
    return;
  }
  CommandOptions options(*added);
  offer_plugins(options, parser.common);
  Declared& declared = parser.declared[added];
  declared.action = command.define(options);
  options.flag("--quiet", parser.common.quiet, "Print no progress");
  // After the definition, which adds them.
  declared.candidates = options.candidates();
  declared.optional_values = options.optional_values();
  declared.required_words = options.required_words();
  added->callback([&parser, &declared] { parser.chosen = declared.action; });
}

std::unique_ptr<Parser> make_parser() {
  // On the heap: callbacks hold its address, so it must not move.
  auto parser = std::make_unique<Parser>();
  parser->app.require_subcommand(1);
  parser->app.set_help_flag("-h,--help", "Print this help and exit; with --json as JSON");
  parser->app.set_version_flag("--version", "byzsim " + provenance().version);
  for (const Command& command : commands()) add_command(parser->app, command, *parser);
  return parser;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options())
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

// What newcomers type for something that another command does; empty for anything else.
std::string command_meant(const std::string& word) {
  static const std::map<std::string, std::string> meant = {
      {"trace", "byzsim run SCENARIO --trace FILE writes a timeline of every event"},
      {"record", "byzsim run SCENARIO --record FILE writes every decision of the adversary"},
      {"replay", "byzsim verify RUN_DIR replays a run and compares the digests"},
      {"minimize", "byzsim shrink SCENARIO --keep PROPERTY minimizes a scenario"}};
  const auto it = meant.find(word);
  return it == meant.end() ? "" : it->second;
}

// What leads to a command: "byzsim sweep run".
std::string path_of(const CLI::App& app) {
  const CLI::App* within = app.get_parent();
  return (within == nullptr ? "" : path_of(*within) + " ") + app.get_name();
}

// The place of a mistake on the command line: byzsim's own needs none.
std::string place_of(const std::string& called) { return called == "byzsim" ? "" : called; }

std::string meant_or(const std::string& word, const std::vector<std::string>& known,
                     const std::string& otherwise) {
  const std::string meant = did_you_mean(word, known);
  return meant.empty() ? otherwise : meant;
}

void check_command(const std::string& word, const std::string& called,
                   const std::vector<std::string>& commands) {
  if (std::find(commands.begin(), commands.end(), word) != commands.end()) return;
  const std::string meant = command_meant(word);
  throw InputError({place_of(called), "unknown command '" + word + "'",
                    meant.empty() ? meant_or(word, commands, choose_from("", commands)) : meant});
}

// "SCENARIO is required" and "--keep is required", as CLI11 has it.
std::string missing_text(const std::string& required) {
  const std::string name = required.substr(0, required.find(' '));
  return (name.starts_with('-') ? "missing option " : "missing argument ") + name;
}

// `called` is what leads to `app`: "byzsim", or "byzsim sweep". Words from the first on follow it.
// The answer is what leads to the last command among them.
std::string refuse_unknown_words(const CLI::App& app, const std::string& called,
                                 const std::vector<std::string>& words, std::size_t first) {
  const std::vector<std::string> commands = command_names(app);
  std::vector<std::string> options = option_names(app);
  options.push_back("-h");
  for (std::size_t i = first; i < words.size() && words[i] != "--"; ++i) {
    const std::string option = option_in(words[i]);
    if (!option.empty()) {
      if (std::find(options.begin(), options.end(), option) == options.end())
        throw InputError({place_of(called), "unknown option '" + option + "'",
                          meant_or(option, options, called + " --help lists all options")});
    } else if (!commands.empty()) {
      check_command(words[i], called, commands);
      return refuse_unknown_words(*app.get_subcommand(words[i]), called + " " + words[i], words,
                                  i + 1);
    }
  }
  // Help and the version need no command.
  const bool asks = std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word == "--help" || word == "-h" || word == "--version";
  });
  if (!commands.empty() && !asks)
    throw InputError({place_of(called), "missing command", choose_from("", commands)});
  return called;
}

// Whether help is asked for as JSON. If so, --json is taken away, since not every command has it.
bool takes_json_from_help(std::vector<std::string>& words) {
  const auto end = std::find(words.begin(), words.end(), "--");
  const bool help =
      std::find(words.begin(), end, "--help") != end || std::find(words.begin(), end, "-h") != end;
  const auto json = std::find(words.begin(), end, "--json");
  if (!help || json == end) return false;
  words.erase(json);
  return true;
}

// Ties the values that may be left out to their options: "--models every=5 SCENARIO" and
// "--models SCENARIO" differ by how the next word begins, which the parser does not look at.
void tie_optional_values(const std::map<std::string, OptionalValue>& optional,
                         std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    const auto it = optional.find(words[i]);
    if (it == optional.end()) continue;
    const bool given = i + 1 < words.size() && words[i + 1].starts_with(it->second.beginning);
    words[i] += "=" + (given ? words[i + 1] : it->second.otherwise);
    if (given) words.erase(words.begin() + static_cast<std::ptrdiff_t>(i) + 1);
  }
}

void add_options(const CLI::App& app, const Declared& declared, CommandHelp& command) {
  for (const CLI::Option* option : app.get_options()) {
    OptionHelp help{"", option->get_type_name(), option->get_description(), option->get_required(),
                    option->get_items_expected_max() > 1};
    if (option->get_positional()) {
      help.name = option->get_name(true);
      help.required = help.required || declared.required_words.contains(help.name);
      if (const auto it = declared.candidates.find(help.name); it != declared.candidates.end())
        help.candidates = it->second;
      command.words.push_back(help);
    } else {
      if (option->get_items_expected_max() == 0) help.value.clear();
      help.name = "--" + option->get_lnames().front();
      command.options.push_back(help);
    }
  }
}

// `within` is what leads to the command: "", or "sweep ".
CommandHelp help_of(Parser& parser, const CLI::App& app, const Command& command,
                    const std::string& within) {
  CommandHelp help{
      within + command.name, command.summary, command.notes, command.examples, {}, {}, {}};
  add_options(app, parser.declared[&app], help);
  for (const Command& inner : command.commands)
    help.commands.push_back(
        help_of(parser, *app.get_subcommand(inner.name), inner, help.name + " "));
  return help;
}

}  // namespace

void CommandOptions::flag(const std::string& shown, bool& value, const std::string& help) {
  command_.add_flag(shown, value, help);
}

void CommandOptions::text(const std::string& shown, std::string& value, const std::string& help) {
  CLI::Option* option = add_option(command_, shown, value, help);
  // An empty value is most often a variable of the shell that is not set.
  if (!option->get_positional()) option->transform(not_empty());
}

void CommandOptions::text(const std::string& shown, std::optional<std::string>& value,
                          const std::string& help) {
  add_option(command_, shown, value, help)->transform(not_empty());
}

void CommandOptions::texts(const std::string& shown, std::vector<std::string>& values,
                           const std::string& help) {
  CLI::Option* option = add_option(command_, shown, values, help);
  // "--set A SCENARIO" would otherwise take the scenario for a second value.
  if (!option->get_positional()) option->allow_extra_args(false);
}

void CommandOptions::optional_value(const std::string& shown, const std::string& beginning,
                                    const std::string& otherwise, std::optional<std::string>& value,
                                    const std::string& help) {
  text(shown, value, help);
  optional_values_[shown.substr(0, shown.find(' '))] = {beginning, otherwise};
}

void CommandOptions::texts_then(const std::string& shown, std::vector<std::string>& values,
                                const std::string& help, const std::string& last_shown,
                                std::string& last, const std::string& last_help) {
  texts(shown, values, help);
  // The parser gives every word to the first, and nothing is left for the last.
  add_option(command_, "[" + last_shown + "]", last, last_help);
  required_words_.insert(last_shown);
  command_.parse_complete_callback([&values, &last, last_shown] {
    if (values.size() < 2) throw CLI::RequiredError(last_shown);  // the first is required itself
    last = values.back();
    values.pop_back();
  });
}

void CommandOptions::integer(const std::string& shown, Within range, int& value,
                             const std::string& help) {
  add_option(command_, shown, value, help)->transform(integer_within(range));
}

void CommandOptions::integer(const std::string& shown, Within range, std::int64_t& value,
                             const std::string& help) {
  add_option(command_, shown, value, help)->transform(integer_within(range));
}

void CommandOptions::integer(const std::string& shown, Within range,
                             std::optional<std::int64_t>& value, const std::string& help) {
  add_option(command_, shown, value, help)->transform(integer_within(range));
}

void CommandOptions::require(const std::string& name) { command_.get_option(name)->required(); }

void CommandOptions::need(const std::string& name, const std::string& other) {
  command_.get_option(name)->needs(command_.get_option(other));
}

void CommandOptions::complete(const std::string& word, Candidates names) {
  candidates_[word] = std::move(names);
}

CommandLine parse_command_line(int argc, const char* const* argv) {
  const std::unique_ptr<Parser> parser = make_parser();
  std::vector<std::string> words = words_of(argc, argv);
  const bool as_json = takes_json_from_help(words);
  // Before CLI11 parses: its errors suggest no nearest name.
  const std::string called = refuse_unknown_words(parser->app, "byzsim", words, 0);
  try {
    for (const auto& [app, declared] : parser->declared)
      if (called == path_of(*app)) tie_optional_values(declared.optional_values, words);
    std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
    parser->app.parse(words);
  } catch (const CLI::CallForVersion& version) {
    return {{}, {}, std::string(version.what()) + "\n"};
  } catch (const CLI::CallForHelp&) {
    const CommandHelp help = help_called(command_help(), called);
    return {{}, {}, as_json ? to_json(help).dump(2) + "\n" : help_text(help)};
  } catch (const CLI::ExtrasError&) {
    throw InputError({place_of(called),
                      "unexpected argument '" + parser->app.remaining(true).front() + "'",
                      called + " --help lists its arguments"});
  } catch (const CLI::RequiredError& error) {
    throw InputError({place_of(called), missing_text(error.what()), called + " --help shows how"});
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string text = error.what();  // "--set: 1 required /POINTER=VALUE missing"
    throw InputError({place_of(called), "missing value of " + text.substr(0, text.find(':')),
                      called + " --help shows how"});
  } catch (const CLI::ParseError& error) {
    throw InputError({"", error.what(), called + " --help shows how"});
  }
  return {parser->common, parser->chosen, ""};
}

CommandHelp command_help() {
  const std::unique_ptr<Parser> parser = make_parser();
  CommandHelp byzsim{"", kSummary, "", kExamples, {}, {}, {}};
  add_options(parser->app, {}, byzsim);
  for (const Command& command : commands())
    byzsim.commands.push_back(
        help_of(*parser, *parser->app.get_subcommand(command.name), command, ""));
  return byzsim;
}

CommandHelp help_called(const CommandHelp& byzsim, const std::string& called) {
  for (const CommandHelp& command : byzsim.commands) {
    const std::string name = "byzsim " + command.name;
    if (called == name || called.starts_with(name + " ")) return help_called(command, called);
  }
  return byzsim;
}

}  // namespace byzsim
