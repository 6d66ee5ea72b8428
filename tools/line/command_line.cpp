#include "tools/line/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>

#include "core/input/issue.h"
#include "sim/results/provenance.h"
#include "tools/line/help_json.h"
#include "tools/line/help_text.h"
#include "tools/line/typed_words.h"
#include "tools/line/verbs.h"

namespace byzsim {
namespace {

constexpr const char* kSummary =
    "A deterministic simulator of asynchronous Byzantine machine learning";
constexpr const char* kExamples = "  byzsim run quickstart\n  byzsim describe mda";

CLI::Validator integer_within(VerbOptions::Within range) {
  // CLI11's own check speaks of ranges even where the word is no number.
  return CLI::Validator(
      [range](std::string& word) -> std::string {
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
CLI::Option* add_option(CLI::App& verb, const std::string& shown, Value& value,
                        const std::string& help) {
  const std::size_t space = shown.find(' ');
  if (space != std::string::npos)
    return verb.add_option(shown.substr(0, space), value, help)->type_name(shown.substr(space + 1));
  const bool optional = shown.front() == '[';
  const std::string name = optional ? shown.substr(1, shown.size() - 2) : shown;
  return verb.add_option(name, value, help)->type_name("")->required(!optional);
}

void add_verb(CLI::App& app, const Verb& verb, Options& typed) {
  CLI::App* added = app.add_subcommand(verb.name, verb.summary);
  for (const Verb& inner : verb.verbs) add_verb(*added, inner, typed);
  if (!verb.command) {
    added->require_subcommand(1);
    return;
  }
  added->callback([&typed, command = verb.command] { typed.command = command; });
  VerbOptions options(*added);
  options.texts("--plugin FILE", typed.scenario.plugins,
                "Add the strategies of a shared library (byzsim_plugin.h)");
  options.flag("--isolate-plugins", typed.isolate_plugins,
               "Run plugins in processes of their own, which they cannot leave");
  options.integer("--plugin-seconds N", {1, 86400}, typed.plugin_seconds,
                  "Processor time that a call into an isolated plugin may use [default: 60]");
  options.need("--plugin-seconds", "--isolate-plugins");
  if (verb.offer) verb.offer(options, typed);
  offer_quiet(options, typed);
}

std::unique_ptr<CLI::App> make_app(Options& typed) {
  auto app = std::make_unique<CLI::App>(kSummary, "byzsim");
  app->require_subcommand(1);
  app->set_help_flag("-h,--help", "Print this help and exit; with --json as JSON");
  app->set_version_flag("--version", "byzsim " + provenance().version);
  for (const Verb& verb : verbs()) add_verb(*app, verb, typed);
  return app;
}

std::vector<std::string> verb_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands({})) names.push_back(verb->get_name());
  return names;
}

std::vector<std::string> option_names(const CLI::App& verb) {
  std::vector<std::string> names;
  for (const CLI::Option* option : verb.get_options())
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

// The place of a mistake on the command line: byzsim's own needs none.
std::string place_of(const std::string& called) { return called == "byzsim" ? "" : called; }

std::string meant_or(const std::string& word, const std::vector<std::string>& known,
                     const std::string& otherwise) {
  const std::string meant = did_you_mean(word, known);
  return meant.empty() ? otherwise : meant;
}

void check_verb(const std::string& word, const std::string& called,
                const std::vector<std::string>& verbs) {
  if (std::find(verbs.begin(), verbs.end(), word) != verbs.end()) return;
  const std::string meant = command_meant(word);
  throw InputError({place_of(called), "unknown command '" + word + "'",
                    meant.empty() ? meant_or(word, verbs, choose_from("", verbs)) : meant});
}

// "SCENARIO is required" and "--keep is required", as CLI11 has it.
std::string missing_text(const std::string& required) {
  const std::string name = required.substr(0, required.find(' '));
  return (name.starts_with('-') ? "missing option " : "missing argument ") + name;
}

// `called` is what leads to `app`: "byzsim", or "byzsim sweep". Words from the first on follow it.
// The answer is what leads to the last verb among them.
std::string refuse_unknown_words(const CLI::App& app, const std::string& called,
                                 const std::vector<std::string>& words, std::size_t first) {
  const std::vector<std::string> verbs = verb_names(app);
  std::vector<std::string> options = option_names(app);
  options.push_back("-h");
  for (std::size_t i = first; i < words.size() && words[i] != "--"; ++i) {
    const std::string option = option_in(words[i]);
    if (!option.empty()) {
      if (std::find(options.begin(), options.end(), option) == options.end())
        throw InputError({place_of(called), "unknown option '" + option + "'",
                          meant_or(option, options, called + " --help lists all options")});
    } else if (!verbs.empty()) {
      check_verb(words[i], called, verbs);
      return refuse_unknown_words(*app.get_subcommand(words[i]), called + " " + words[i], words,
                                  i + 1);
    }
  }
  const bool asks = std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return word == "--help" || word == "-h" || word == "--version";
  });
  if (!verbs.empty() && !asks)
    throw InputError({place_of(called), "missing command", choose_from("", verbs)});
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

void add_options(const CLI::App& app, CommandHelp& command) {
  for (const CLI::Option* option : app.get_options()) {
    OptionHelp help{"", option->get_type_name(), option->get_description(), option->get_required(),
                    option->get_items_expected_max() > 1};
    if (option->get_positional()) {
      help.name = option->get_name(true);
      command.words.push_back(help);
    } else {
      if (option->get_items_expected_max() == 0) help.value.clear();
      help.name = "--" + option->get_lnames().front();
      command.options.push_back(help);
    }
  }
}

// `within` is what leads to the verb: "", or "sweep ".
CommandHelp help_of(const CLI::App& app, const Verb& verb, const std::string& within) {
  CommandHelp command{within + verb.name, verb.summary, verb.notes, verb.examples, {}, {}, {}};
  add_options(app, command);
  for (const Verb& inner : verb.verbs)
    command.commands.push_back(help_of(*app.get_subcommand(inner.name), inner, command.name + " "));
  return command;
}

}  // namespace

void VerbOptions::flag(const std::string& shown, bool& value, const std::string& help) {
  verb_.add_flag(shown, value, help);
}

void VerbOptions::text(const std::string& shown, std::string& value, const std::string& help) {
  CLI::Option* option = add_option(verb_, shown, value, help);
  if (!option->get_positional()) option->transform(not_empty());
}

void VerbOptions::text(const std::string& shown, std::optional<std::string>& value,
                       const std::string& help) {
  add_option(verb_, shown, value, help)->transform(not_empty());
}

void VerbOptions::texts(const std::string& shown, std::vector<std::string>& values,
                        const std::string& help) {
  CLI::Option* option = add_option(verb_, shown, values, help);
  if (!option->get_positional()) option->allow_extra_args(false);
}

void VerbOptions::integer(const std::string& shown, Within range, int& value,
                          const std::string& help) {
  add_option(verb_, shown, value, help)->transform(integer_within(range));
}

void VerbOptions::integer(const std::string& shown, Within range, std::int64_t& value,
                          const std::string& help) {
  add_option(verb_, shown, value, help)->transform(integer_within(range));
}

void VerbOptions::integer(const std::string& shown, Within range,
                          std::optional<std::int64_t>& value, const std::string& help) {
  add_option(verb_, shown, value, help)->transform(integer_within(range));
}

void VerbOptions::require(const std::string& name) { verb_.get_option(name)->required(); }

void VerbOptions::need(const std::string& name, const std::string& other) {
  verb_.get_option(name)->needs(verb_.get_option(other));
}

Options parse_command_line(int argc, const char* const* argv) {
  Options options;
  const std::unique_ptr<CLI::App> app = make_app(options);
  std::vector<std::string> words = words_of(argc, argv);
  const bool as_json = takes_json_from_help(words);
  const std::string called = refuse_unknown_words(*app, "byzsim", words, 0);
  try {
    std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
    app->parse(words);
  } catch (const CLI::CallForVersion& version) {
    options.text = std::string(version.what()) + "\n";
  } catch (const CLI::CallForHelp&) {
    const CommandHelp help = help_called(command_help(), called);
    options.text = as_json ? to_json(help).dump(2) + "\n" : help_text(help);
    options.command = nullptr;
  } catch (const CLI::ExtrasError&) {
    throw InputError({place_of(called),
                      "unexpected argument '" + app->remaining(true).front() + "'",
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
  if (options.seed) options.scenario.sets.push_back("/seed=" + *options.seed);
  return options;
}

CommandHelp command_help() {
  Options unused;
  const std::unique_ptr<CLI::App> app = make_app(unused);
  CommandHelp byzsim{"", kSummary, "", kExamples, {}, {}, {}};
  add_options(*app, byzsim);
  for (const Verb& verb : verbs())
    byzsim.commands.push_back(help_of(*app->get_subcommand(verb.name), verb, ""));
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
