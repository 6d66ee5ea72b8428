#include "tools/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <thread>

#include "core/issue.h"
#include "sim/provenance.h"

namespace byzsim {
namespace {

CLI::App* add_verb(CLI::App& app, Options& options, const std::string& name,
                   const std::string& summary, const std::string& examples) {
  CLI::App* verb = app.add_subcommand(name, summary);
  verb->footer("Examples:\n" + examples);
  verb->callback([&options, name] { options.verb = name; });
  return verb;
}

// CLI11's own range check speaks of ranges even where the word is no number.
std::string check_threads(std::string& word) {
  const bool digits = !word.empty() && word.size() <= 4 &&
                      word.find_first_not_of("0123456789") == std::string::npos;
  if (digits && std::stoi(word) >= 1 && std::stoi(word) <= 1024) return "";
  return "must be an integer in [1, 1024], not \"" + word + "\"";
}

void add_threads(CLI::App* verb, Options& options) {
  options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  verb->add_option("--threads", options.threads,
                   "Threads to use [the machine's cores]; never changes a result")
      ->transform(CLI::Validator(check_threads, ""))
      ->type_name("N");
}

void add_run(CLI::App& app, Options& options) {
  CLI::App* verb = add_verb(app, options, "run", "Run a scenario",
                            "  byzsim run quickstart\n"
                            "  byzsim run my.json --set /workers/byzantine/actual=0 --seed 7");
  verb->add_option("SCENARIO", options.scenario.name,
                   "A file, - for standard input, or a shipped scenario (byzsim list scenarios)")
      ->type_name("")
      ->required();
  verb->add_option("--set", options.scenario.sets,
                   "Change one value: a JSON pointer and a JSON value (a bare word is a string)")
      ->type_name("/POINTER=VALUE")
      ->allow_extra_args(false);
  verb->add_option("--seed", options.seed, "The same as --set /seed=N")->type_name("N");
  add_threads(verb, options);
  verb->add_option("--out", options.out, "Directory of the result [results/NAME/ID]")
      ->type_name("DIR");
  verb->add_flag("--json", options.json, "Print run.json instead of the summary");
  verb->add_flag("--quiet", options.quiet, "No progress");
  verb->add_flag("--force", options.force, "Run again although the result is there");
  verb->add_option("--trace", options.trace, "Write every event as a line of JSON")
      ->type_name("FILE");
}

void add_verify(CLI::App& app, Options& options) {
  CLI::App* verb =
      add_verb(app, options, "verify", "Run a finished run again and compare the digests",
               "  byzsim verify results/quickstart/0123456789abcdef\n"
               "  byzsim verify DIR --threads 1");
  verb->add_option("RUN_DIR", options.argument, "A directory made by byzsim run")
      ->type_name("")
      ->required();
  add_threads(verb, options);
  verb->add_flag("--quiet", options.quiet, "No progress");
}

void add_small_verbs(CLI::App& app, Options& options) {
  add_verb(app, options, "eval",
           "Aggregate or attack vectors: JSON Lines on standard input and output",
           "  echo '{\"aggregate\":{\"name\":\"median\"},\"f\":1,"
           "\"vectors\":[[1],[2],[9]]}' | byzsim eval\n"
           "  byzsim eval < requests.jsonl > answers.jsonl");
  add_verb(app, options, "list", "List what scenarios can name",
           "  byzsim list\n  byzsim list attacks")
      ->add_option("KIND", options.argument, "Only this kind")
      ->type_name("");
  add_verb(app, options, "describe", "Explain one strategy and its parameters",
           "  byzsim describe mda\n  byzsim describe a_little_is_enough")
      ->add_option("NAME", options.argument, "Any name that byzsim list shows")
      ->type_name("")
      ->required();
  add_verb(app, options, "schema", "Print the JSON schema of a file format",
           "  byzsim schema scenario > scenario.schema.json\n  byzsim schema")
      ->add_option("FORMAT", options.argument, "scenario, which is also the default")
      ->type_name("");
  add_verb(app, options, "version", "Print version, numeric profile, compiler and libraries",
           "  byzsim version\n  byzsim version --json")
      ->add_flag("--json", options.json, "As JSON");
  add_verb(app, options, "completions", "Print the completion script of a shell",
           "  byzsim completions bash > ~/.local/share/bash-completion/completions/byzsim\n"
           "  byzsim completions fish | source")
      ->add_option("SHELL", options.argument, "bash, zsh or fish")
      ->type_name("")
      ->required();
}

std::unique_ptr<CLI::App> make_app(Options& options) {
  auto app = std::make_unique<CLI::App>(
      "byzsim: a deterministic simulator of asynchronous Byzantine machine learning", "byzsim");
  app->require_subcommand(1);
  app->set_version_flag("--version", "byzsim " + provenance().version);
  app->footer("Examples:\n  byzsim run quickstart\n  byzsim describe mda");
  add_run(*app, options);
  add_verify(*app, options);
  add_small_verbs(*app, options);
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

// The word before '=' of an option; empty for what is no option (a value, "-", a negative number).
std::string option_in(const std::string& word) {
  const bool option = word.size() >= 2 && word[0] == '-' &&
                      std::string("0123456789.").find(word[1]) == std::string::npos;
  return option ? word.substr(0, word.find('=')) : "";
}

void refuse_unknown_words(const CLI::App& app, const std::vector<std::string>& words) {
  const std::string& first = words.front();
  if (!option_in(first).empty()) {
    const std::vector<std::string> known = {"--help", "-h", "--version"};
    if (std::find(known.begin(), known.end(), first) == known.end())
      throw InputError({first, "is no option of byzsim, whose options follow a verb",
                        choose_from(first, known)});
    return;
  }
  const std::vector<std::string> names = verb_names(app);
  if (std::find(names.begin(), names.end(), first) == names.end())
    throw InputError({first, "is no verb of byzsim", choose_from(first, names)});
  std::vector<std::string> known = option_names(*app.get_subcommand(first));
  known.push_back("-h");
  for (std::size_t i = 1; i < words.size() && words[i] != "--"; ++i) {
    const std::string option = option_in(words[i]);
    if (!option.empty() && std::find(known.begin(), known.end(), option) == known.end())
      throw InputError({option, "is no option of byzsim " + first, choose_from(option, known)});
  }
}

// "help" and "help VERB" are what "--help" and "VERB --help" are.
std::vector<std::string> words_of(int argc, const char* const* argv) {
  std::vector<std::string> words(argv + std::min(argc, 1), argv + argc);
  if (words.empty()) return {"--help"};
  if (words.front() != "help") return words;
  words.erase(words.begin());
  words.push_back("--help");
  return words;
}

}  // namespace

Options parse_command_line(int argc, const char* const* argv) {
  Options options;
  const std::unique_ptr<CLI::App> app = make_app(options);
  std::vector<std::string> words = words_of(argc, argv);
  refuse_unknown_words(*app, words);
  const std::string first = words.front();
  try {
    std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
    app->parse(words);
  } catch (const CLI::CallForVersion& version) {
    options.text = std::string(version.what()) + "\n";
  } catch (const CLI::CallForHelp&) {
    options.text = app->help();
    options.verb.clear();
  } catch (const CLI::ParseError& error) {
    throw InputError({"", error.what(), "byzsim " + first + " --help shows how"});
  }
  if (options.seed) options.scenario.sets.push_back("/seed=" + *options.seed);
  return options;
}

std::vector<VerbSummary> verb_summaries() {
  Options unused;
  const std::unique_ptr<CLI::App> app = make_app(unused);
  std::vector<VerbSummary> summaries;
  for (const CLI::App* verb : app->get_subcommands({}))
    summaries.push_back({verb->get_name(), verb->get_description(), option_names(*verb)});
  return summaries;
}

}  // namespace byzsim
