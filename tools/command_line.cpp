#include "tools/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>
#include <thread>

#include "core/issue.h"
#include "sim/results/provenance.h"
#include "tools/gather_question.h"
#include "tools/shrink/property.h"
#include "tools/typed_words.h"

namespace byzsim {
namespace {

CLI::App* add_verb(CLI::App& app, Options& options, const std::string& name,
                   const std::string& summary, const std::string& examples,
                   const std::string& notes = "") {
  CLI::App* verb = app.add_subcommand(name, summary);
  verb->footer(notes + "Examples:\n" + examples);
  verb->callback([&options, name] { options.verb = name; });
  verb->add_option("--plugin", options.scenario.plugins,
                   "Add the strategies of a shared library (byzsim_plugin.h)")
      ->type_name("FILE")
      ->allow_extra_args(false);
  return verb;
}

void add_sets(CLI::App* verb, Options& options) {
  verb->add_option("--set", options.scenario.sets,
                   "Change one value: a JSON pointer and a JSON value (a bare word is a string)")
      ->type_name("/POINTER=VALUE")
      ->allow_extra_args(false);
}

// CLI11's own range check speaks of ranges even where the word is no number.
CLI::Validator integer_within(long low, long high) {
  return CLI::Validator(
      [low, high](std::string& word) -> std::string {
        const bool digits = !word.empty() && word.size() <= 12 &&
                            word.find_first_not_of("0123456789") == std::string::npos;
        if (digits && std::stol(word) >= low && std::stol(word) <= high) return "";
        return "must be an integer in [" + std::to_string(low) + ", " + std::to_string(high) +
               "], not \"" + word + "\"";
      },
      "");
}

void add_threads(CLI::App* verb, Options& options) {
  options.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  verb->add_option("--threads", options.threads,
                   "Threads to use [the machine's cores]; never changes a result")
      ->transform(integer_within(1, 1024))
      ->type_name("N");
}

void add_scenario(CLI::App* verb, Options& options) {
  verb->add_option("SCENARIO", options.scenario.name,
                   "A file, - for standard input, or a shipped scenario (byzsim list scenarios)")
      ->type_name("")
      ->required();
  add_sets(verb, options);
  verb->add_option("--seed", options.seed, "The same as --set /seed=N")->type_name("N");
}

void add_run(CLI::App& app, Options& options) {
  CLI::App* verb = add_verb(app, options, "run", "Run a scenario",
                            "  byzsim run quickstart\n"
                            "  byzsim run my.json --set /workers/byzantine/actual=0 --seed 7");
  add_scenario(verb, options);
  add_threads(verb, options);
  verb->add_option("--out", options.out, "Directory of the result [results/NAME/ID]")
      ->type_name("DIR");
  verb->add_flag("--json", options.json, "Print run.json instead of the summary");
  verb->add_flag("--quiet", options.quiet, "No progress");
  verb->add_flag("--force", options.force, "Run again although the result is there");
  verb->add_option("--trace", options.trace, "Write a timeline of every event, for ui.perfetto.dev")
      ->type_name("FILE");
  CLI::Option* record =
      verb->add_option("--record", options.record,
                       "Write the scenario with every decision of its adversary as a script, which "
                       "runs to the same digest")
          ->type_name("FILE");
  verb->add_option("--record-vectors", options.record_vectors,
                   "Record forged vectors by the attack that makes them, or by value [reference]")
      ->needs(record)
      ->type_name("reference|value");
}

// What is asked of a verb that runs a finished run again.
CLI::App* add_replay(CLI::App& app, Options& options, const std::string& name,
                     const std::string& summary, const std::string& examples) {
  CLI::App* verb = add_verb(app, options, name, summary, examples);
  verb->add_option("RUN_DIR", options.argument, "A directory made by byzsim run")
      ->type_name("")
      ->required();
  add_threads(verb, options);
  verb->add_flag("--quiet", options.quiet, "No progress");
  return verb;
}

void add_replays(CLI::App& app, Options& options) {
  add_replay(app, options, "verify", "Run a finished run again and compare the digests",
             "  byzsim verify results/quickstart/0123456789abcdef\n"
             "  byzsim verify DIR --threads 1");
  CLI::App* bisect =
      add_replay(app, options, "bisect", "Find the first event in which two runs differ",
                 "  byzsim bisect results/quickstart/0123456789abcdef OTHER_DIR\n"
                 "  byzsim bisect DIR --json");
  bisect->add_option("OTHER_DIR", options.other, "Another one [the first run's replay here]")
      ->type_name("");
  bisect->add_flag("--json", options.json, "As JSON");
  CLI::App* events =
      add_replay(app, options, "events", "Print a finished run's events, a line of JSON each",
                 "  byzsim events DIR --from 513 --to 768 > DIR/events.jsonl\n"
                 "  byzsim events DIR --to 100");
  const auto number = integer_within(1, 999'999'999'999);
  events->add_option("--from", options.range.from, "The first event to print [1]")
      ->transform(number)
      ->type_name("N");
  events->add_option("--to", options.range.to, "The last [of the run]")
      ->transform(number)
      ->type_name("N");
}

void add_sweep_source(CLI::App* verb, Options& options) {
  SweepOptions& asked = options.sweep;
  verb->add_option("SWEEP", options.scenario.name,
                   "A sweep or scenario: a file, - for standard input, or a shipped one; or the "
                   "directory of a sweep that has begun")
      ->type_name("")
      ->required();
  verb->add_option("--axis", asked.axes,
                   "Values of one place: v1,v2,... or LOW..HIGH:linN or LOW..HIGH:logN")
      ->type_name("/POINTER=VALUES")
      ->allow_extra_args(false);
  verb->add_option("--repeat", asked.repeat, "Seeds of every point: the scenario's, the next, ...")
      ->transform(integer_within(1, 1'000'000))
      ->type_name("N");
  add_sets(verb, options);
  verb->add_option("--out", options.out, "Directory of the sweep [results/NAME/sweep-ID]")
      ->type_name("DIR");
}

void add_jobs(CLI::App* verb, Options& options) {
  options.sweep.jobs = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  verb->add_option("--jobs", options.sweep.jobs,
                   "Runs at a time, each on one thread [the machine's cores]")
      ->transform(integer_within(1, 1024))
      ->type_name("N");
}

CLI::App* add_sweep_verb(CLI::App& sweep, Options& options, const std::string& name,
                         const std::string& summary, const std::string& examples) {
  CLI::App* verb = add_verb(sweep, options, name, summary, examples);
  verb->callback([&options, name] { options.verb = "sweep " + name; });
  add_sweep_source(verb, options);
  return verb;
}

void add_sweep_submit(CLI::App& sweep, Options& options) {
  CLI::App* submit = add_sweep_verb(
      sweep, options, "submit", "Write a job array of Slurm and a merge behind it, or submit them",
      "  byzsim sweep submit my-sweep.json --slurm --tasks 20\n"
      "  byzsim sweep submit DIR --slurm --cores 8 --now");
  submit->add_flag("--slurm", options.sweep.slurm, "The system that runs the jobs");
  submit->add_option("--tasks", options.sweep.tasks, "Tasks of the array [of ten minutes each]")
      ->transform(integer_within(1, 100'000))
      ->type_name("N");
  submit->add_option("--cores", options.sweep.cores, "Cores of a task: runs at a time [1]")
      ->transform(integer_within(1, 1024))
      ->type_name("N");
  submit->add_flag("--now", options.sweep.now, "Submit; without it the scripts are only written");
}

void add_sweep(CLI::App& app, Options& options) {
  CLI::App* sweep = app.add_subcommand("sweep", "Run a scenario along axes and seeds");
  sweep->require_subcommand(1);
  sweep->footer(
      "Examples:\n"
      "  byzsim sweep run quickstart --axis /protocol/parameters/gather_period=1,10,100\n"
      "  byzsim sweep merge results/quickstart/sweep-0123456789abcdef");
  CLI::App* plan = add_sweep_verb(*sweep, options, "plan", "How many runs, how long, how much disk",
                                  "  byzsim sweep plan my-sweep.json\n"
                                  "  byzsim sweep plan quickstart --repeat 5 --jobs 1");
  add_jobs(plan, options);
  CLI::App* run = add_sweep_verb(
      *sweep, options, "run", "Run what is missing; runs that failed are tried again",
      "  byzsim sweep run quickstart --axis /network/delay/parameters/mean=1ms..1s:log4\n"
      "  seq 8 | parallel byzsim sweep run my-sweep.json --out DIR --jobs 1 --slice {}/8");
  add_jobs(run, options);
  run->add_option("--slice", options.sweep.slice,
                  "Only the i-th of n slices, or auto: what Slurm or Open MPI says")
      ->type_name("I/N|auto");
  run->add_flag("--quiet", options.quiet, "No progress");
  add_sweep_verb(*sweep, options, "status", "How much of a sweep is done",
                 "  byzsim sweep status my-sweep.json\n"
                 "  byzsim sweep status DIR --json")
      ->add_flag("--json", options.json, "As JSON");
  CLI::App* merge = add_sweep_verb(*sweep, options, "merge", "Write summary.csv and curves.csv",
                                   "  byzsim sweep merge my-sweep.json\n"
                                   "  byzsim sweep merge DIR --partial");
  merge->add_flag("--partial", options.sweep.partial, "Merge what is there");
  merge->add_flag("--mixed", options.sweep.mixed, "Merge results of several versions or profiles");
  add_sweep_submit(*sweep, options);
}

void add_search(CLI::App& app, Options& options) {
  CLI::App* verb =
      add_verb(app, options, "search", "Find the worst case, and hand it back as a scenario",
               "  byzsim search quickstart --objective drift:max --evaluations 50\n"
               "  byzsim search my.json --strategy nlopt --over "
               "/adversary/workers/parameters/z=0..4");
  SearchOptions& asked = options.search;
  add_scenario(verb, options);
  verb->add_option("--strategy", asked.strategy, "How to search (byzsim list searches) [random]")
      ->type_name("NAME");
  verb->add_option("--strategy-set", asked.strategy_sets, "Set a parameter of the strategy")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  verb->add_option("--objective", asked.objective,
                   "What to make worse: a column of metrics.csv, or gathers. and one of "
                   "gathers.csv, with :max or :min for the largest or smallest of all rows; "
                   "descent_cosine; accuracy_lost; broken_invariants [drift]")
      ->type_name("NAME");
  verb->add_option("--evaluations", asked.evaluations, "Runs to try at most [100]")
      ->transform(integer_within(1, 1'000'000))
      ->type_name("N");
  verb->add_option("--over", asked.over,
                   "A number of the scenario to choose, or all below a place, within the range "
                   "[the parameters of what the adversary has chosen]")
      ->type_name("/POINTER[=LOW..HIGH[:log]]")
      ->allow_extra_args(false);
  add_threads(verb, options);
  verb->add_option("--out", options.out, "Directory of the result [results/NAME/search-ID]")
      ->type_name("DIR");
  verb->add_flag("--json", options.json, "Print search.json instead of the summary");
  verb->add_flag("--quiet", options.quiet, "No progress");
  verb->add_flag("--force", options.force, "Search again although the result is there");
}

void add_report(CLI::App& app, Options& options) {
  CLI::App* verb =
      add_verb(app, options, "report", "Show a finished run or a sweep as one page for the browser",
               "  byzsim report results/quickstart/0123456789abcdef\n"
               "  byzsim report results/quickstart/sweep-0123456789abcdef --out sweep.html");
  verb->add_option("DIR", options.argument, "A directory made by byzsim run or byzsim sweep merge")
      ->type_name("")
      ->required();
  verb->add_option("--out", options.out, "The page [DIR/report.html]")->type_name("FILE");
  verb->add_option("--events", options.events,
                   "Messages of a run to draw, from its beginning on [5000]")
      ->transform(integer_within(0, 1'000'000))
      ->type_name("N");
  add_threads(verb, options);
  verb->add_flag("--quiet", options.quiet, "No progress");
}

void add_shrink(CLI::App& app, Options& options) {
  CLI::App* verb =
      add_verb(app, options, "shrink", "Make a scenario smaller while what matters of it holds",
               "  byzsim shrink worst.json --keep \"drift >= 0.9*\"\n"
               "  byzsim shrink my.json --keep \"broken_invariants > 0\" --out bug.json",
               kShrinkNotes);
  add_scenario(verb, options);
  CLI::Option* keep = verb->add_option("--keep", options.shrink.keep, "What must hold");
  keep->type_name("PROPERTY")->required();
  verb->add_option("--evaluations", options.shrink.evaluations, "Runs at most [1000]")
      ->transform(integer_within(1, 1'000'000))
      ->type_name("N");
  verb->add_option("--out", options.out, "The result [SCENARIO.shrunk.json]")->type_name("FILE");
  add_threads(verb, options);
  verb->add_flag("--quiet", options.quiet, "No progress");
  verb->add_flag("--force", options.force, "Write the file although it is there");
}

void add_contraction(CLI::App& app, Options& options) {
  CLI::App* verb = add_verb(
      app, options, "contraction", "How much one gather contracts the servers' diameter",
      "  byzsim contraction --values 1,2,3,4\n"
      "  byzsim contraction --values 0,1,1,1 --law byzantine-first-own --median lower --json",
      kContractionNotes);
  ContractionOptions& asked = options.contraction;
  verb->add_option("--values", asked.values, "Where the correct servers stand: decimal numbers")
      ->type_name("V1,V2,...")
      ->required();
  verb->add_option("--byzantine", asked.byzantine, "Byzantine servers beside them: f [1]")
      ->transform(integer_within(0, 1000))
      ->type_name("F");
  verb->add_option("--quorum", asked.quorum, "Servers that a receiver hears: q [n - f]")
      ->transform(integer_within(1, 10000))
      ->type_name("Q");
  verb->add_option("--law", asked.law, "How quorums come about [uniform]")->type_name("LAW");
  verb->add_option("--median", asked.median,
                   "Of an even number: the mean of the two middles, the lower or the upper [mean]")
      ->type_name("mean|lower|upper");
  verb->add_option("--samples", asked.samples, "Sample this many gathers instead of counting all")
      ->transform(integer_within(2, 1'000'000'000))
      ->type_name("N");
  verb->add_option("--seed", options.seed, "Seed of the samples [1]")->type_name("N");
  verb->add_flag("--json", options.json, "As JSON");
}

void add_figures(CLI::App& app, Options& options) {
  CLI::App* verb =
      add_verb(app, options, "figures", "Run, check and draw the paper's statements as figures",
               "  byzsim figures\n"
               "  byzsim figures 01-one-liar-kills-averaging --data mnist");
  verb->add_option(
          "NAME", options.figures.names,
          "Figures to make, shipped ones (byzsim list figures) or files [all shipped ones]")
      ->type_name("");
  verb->add_option("--out", options.out, "Directory of the figures [results/figures]")
      ->type_name("DIR");
  add_jobs(verb, options);
  verb->add_option("--data", options.figures.data,
                   "Train on these images in $BYZSIM_DATA instead of drawn digits")
      ->type_name("mnist|fashion_mnist");
  verb->add_option("--gallery", options.figures.gallery,
                   "Also write a page of all pictures into this directory, once all expectations "
                   "hold")
      ->type_name("DIR");
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
           "  byzsim schema scenario > scenario.schema.json\n  byzsim schema sweep")
      ->add_option("FORMAT", options.argument, "scenario, which is also the default, or sweep")
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
  add_replays(*app, options);
  add_search(*app, options);
  add_sweep(*app, options);
  add_shrink(*app, options);
  add_report(*app, options);
  add_figures(*app, options);
  add_contraction(*app, options);
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

// Those of the verbs within it too, each once.
std::vector<std::string> all_option_names(const CLI::App& verb) {
  std::vector<std::string> names = option_names(verb);
  for (const CLI::App* inner : verb.get_subcommands({}))
    for (const std::string& name : option_names(*inner))
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  return names;
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
        throw InputError({option, "is no option of " + called, choose_from(option, options)});
    } else if (!verbs.empty()) {
      if (std::find(verbs.begin(), verbs.end(), words[i]) == verbs.end())
        throw InputError({words[i], "is no verb of " + called, choose_from(words[i], verbs)});
      return refuse_unknown_words(*app.get_subcommand(words[i]), called + " " + words[i], words,
                                  i + 1);
    }
  }
  return called;
}

}  // namespace

Options parse_command_line(int argc, const char* const* argv) {
  Options options;
  const std::unique_ptr<CLI::App> app = make_app(options);
  std::vector<std::string> words = words_of(argc, argv);
  const std::string called = refuse_unknown_words(*app, "byzsim", words, 0);
  try {
    std::reverse(words.begin(), words.end());  // CLI11 takes them from the back
    app->parse(words);
  } catch (const CLI::CallForVersion& version) {
    options.text = std::string(version.what()) + "\n";
  } catch (const CLI::CallForHelp&) {
    options.text = app->help();
    options.verb.clear();
  } catch (const CLI::ParseError& error) {
    throw InputError({"", error.what(), called + " --help shows how"});
  }
  if (options.seed) options.scenario.sets.push_back("/seed=" + *options.seed);
  return options;
}

std::vector<VerbSummary> verb_summaries() {
  Options unused;
  const std::unique_ptr<CLI::App> app = make_app(unused);
  std::vector<VerbSummary> summaries;
  for (const CLI::App* verb : app->get_subcommands({}))
    summaries.push_back({verb->get_name(), verb->get_description(), all_option_names(*verb)});
  return summaries;
}

}  // namespace byzsim
