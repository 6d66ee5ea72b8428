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

void add_threads(CLI::App* verb, Options& options) {
  options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  verb->add_option("--threads", options.threads, "Threads to use; never changes a result")
      ->check(CLI::Range(1, 1024))
      ->type_name("N")
      ->capture_default_str();
}

void add_run(CLI::App& app, Options& options) {
  CLI::App* verb = add_verb(app, options, "run", "Run a scenario",
                            "  byzsim run quickstart\n"
                            "  byzsim run my.json --set /workers/byzantine/actual=0 --seed 7");
  verb->add_option("SCENARIO", options.scenario.name,
                   "A file, - for standard input, or a shipped scenario (byzsim list scenarios)")
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
  verb->add_option("RUN_DIR", options.argument, "A directory made by byzsim run")->required();
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
      ->add_option("KIND", options.argument, "Only this kind");
  add_verb(app, options, "describe", "Explain one strategy and its parameters",
           "  byzsim describe mda\n  byzsim describe a_little_is_enough")
      ->add_option("NAME", options.argument, "Any name that byzsim list shows")
      ->required();
  add_verb(app, options, "schema", "Print the JSON schema of a file format",
           "  byzsim schema scenario > scenario.schema.json\n  byzsim schema")
      ->add_option("FORMAT", options.argument, "scenario")
      ->default_val("scenario");
  add_verb(app, options, "version", "Print version, numeric profile, compiler and libraries",
           "  byzsim version\n  byzsim version --json")
      ->add_flag("--json", options.json, "As JSON");
  add_verb(app, options, "completions", "Print the completion script of a shell",
           "  byzsim completions bash > ~/.local/share/bash-completion/completions/byzsim\n"
           "  byzsim completions fish | source")
      ->add_option("SHELL", options.argument, "bash, zsh or fish")
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

void refuse_unknown_words(const CLI::App& app, int argc, const char* const* argv) {
  const std::string first = argc > 1 ? argv[1] : "";
  if (first.empty() || first.front() == '-') return;
  const std::vector<std::string> names = verb_names(app);
  if (std::find(names.begin(), names.end(), first) == names.end())
    throw InputError({first, "is no verb of byzsim", choose_from(first, names)});
  const std::vector<std::string> options = option_names(*app.get_subcommand(first));
  for (int i = 2; i < argc; ++i) {
    const std::string word = std::string(argv[i]).substr(0, std::string(argv[i]).find('='));
    if (word.rfind("--", 0) != 0 || word == "--") continue;
    if (std::find(options.begin(), options.end(), word) == options.end())
      throw InputError({word, "is no option of byzsim " + first, choose_from(word, options)});
  }
}

}  // namespace

Options parse_command_line(int argc, const char* const* argv) {
  Options options;
  const std::unique_ptr<CLI::App> app = make_app(options);
  if (argc < 2) {
    options.text = app->help();
    return options;
  }
  refuse_unknown_words(*app, argc, argv);
  try {
    app->parse(argc, argv);
  } catch (const CLI::CallForVersion& version) {
    options.text = std::string(version.what()) + "\n";
  } catch (const CLI::CallForHelp&) {
    const auto parsed = app->get_subcommands();
    options.text = parsed.empty() ? app->help() : parsed.front()->help();
    options.verb.clear();
  } catch (const CLI::ParseError& error) {
    throw InputError({"", error.what(), "byzsim " + std::string(argv[1]) + " --help shows how"});
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
