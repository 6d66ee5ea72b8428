// `byzsim shrink`: makes a scenario smaller while what matters of it holds.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "core/machine/parallel.h"
#include "sim/results/results.h"
#include "sim/scenario/scenario_checks.h"
#include "sim/scenario/scenario_json.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/line/progress.h"
#include "tools/line/verbs.h"
#include "tools/run/replay.h"
#include "tools/shrink/property.h"
#include "tools/shrink/shrinking.h"

namespace byzsim {
namespace {

constexpr const char* kShrinkNotes =
    "PROPERTY is METRIC RELATION NUMBER. The metric may end in :max or :min for its largest or\n"
    "smallest value instead of the last, and the number in * for that share of the first\n"
    "measurement. Or it is \"status = stalled\", \"status = out_of_time\" or\n"
    "\"status = diverged\".\n\n"
    "Fewer steps, a simpler model, smaller numbers, fewer nodes, fewer entries of a script,\n"
    "fewer non-default values and rounder numbers are tried; every reduction that preserves the\n"
    "property is kept, until no smaller scenario has it. The result depends on the scenario and\n"
    "--evaluations alone.\n\n";

namespace fs = std::filesystem;

// Beside the input; what comes from elsewhere ends up in the working directory.
fs::path chosen_file(const Options& options, const std::string& name) {
  if (!options.out.empty()) return options.out;
  const fs::path source = options.scenario.name;
  const bool is_file = options.scenario.name != "-" && fs::exists(source);
  return (is_file ? source.parent_path() / source.stem() : fs::path(name)).string() +
         ".shrunk.json";
}

// Finds out before the work what would spoil it afterwards.
void check_file(const fs::path& file, bool force) {
  if (!force && fs::exists(file))
    throw InputError({file.string(), "exists, and byzsim does not overwrite it",
                      "choose another file with --out FILE, or --force"});
  const fs::path folder = fs::absolute(file).parent_path();
  if (!fs::is_directory(folder))
    throw InputError({file.string(), "cannot write: " + folder.string() + " is not a directory",
                      "choose another file with --out FILE"});
  check_writable(file);
}

struct Outcome {
  Verified verified;
  AttemptResult result;
  std::shared_ptr<const MadeDataset> made = nullptr;
};

// Nothing when the user has interrupted it.
std::optional<Outcome> run_and_verify(const Scenario& scenario, const Expectation& expectation,
                                      int threads,
                                      std::shared_ptr<const MadeDataset> made = nullptr) {
  Replay replay(scenario, threads, std::move(made));
  while (replay.simulation.advance())
    if (interrupted()) return std::nullopt;
  replay.simulation.finish();
  const Verified verified = verify(expectation, replay.simulation);
  return Outcome{verified,
                 {verified.holds, replay.simulation.unused_decisions()},
                 replay.workload->made_dataset()};
}

// A smaller scenario may ask for what there is not: data without an example for each worker.
std::optional<Outcome> try_attempt(const Attempt& attempt, const Expectation& expectation,
                                   std::shared_ptr<const MadeDataset> made) {
  try {
    return run_and_verify(attempt.scenario, expectation, 1, std::move(made));
  } catch (const InputError&) {
    return Outcome{{expectation, std::nullopt, false}, {}};
  }
}

std::string measured_text(const std::optional<double>& value) {
  return value ? fmt::format("{:.4g}", *value) : "undefined";
}

// The property with its number, which the scenario itself holds, and what came of its run; nothing
// when the user has interrupted it. Throws InputError if it does not hold.
std::optional<Outcome> first_outcome(const Scenario& scenario, const Options& options) {
  const Property property = read_property(options.shrink.keep);
  const auto first = run_and_verify(scenario, property.expectation, options.threads);
  if (!first) return std::nullopt;
  const std::optional<double> measured = first->verified.measured;
  const Expectation expectation = expectation_of(property, measured.value_or(0));
  const bool kept = measured && holds(*measured, expectation.relation, expectation.value);
  if (!kept)
    throw InputError({"--keep",
                      fmt::format("{} does not hold in {} itself, which measures {}",
                                  to_text(expectation), scenario.name, measured_text(measured)),
                      "choose a property that it satisfies"});
  print_text("{} keeps {}: {} at first\n", scenario.name, to_text(expectation),
             measured_text(measured));
  std::fflush(result_stream());
  return Outcome{{expectation, measured, kept}, first->result, first->made};
}

// Whether it came to its end. Attempts share the data of the last one taken, `made` at first.
bool shrink_to_end(Shrinking& shrinking, const Expectation& expectation, const Options& options,
                   std::shared_ptr<const MadeDataset> made) {
  const Executor executor(options.threads);
  Progress progress("shrink", options.shrink.evaluations, options.quiet, "run");
  while (!interrupted()) {
    const std::vector<Attempt> attempts =
        shrinking.attempts(static_cast<std::size_t>(options.threads));
    if (attempts.empty()) return true;
    std::vector<std::optional<Outcome>> outcomes(attempts.size());
    executor.for_each(attempts.size(), [&](std::size_t i) {
      outcomes[i] = try_attempt(attempts[i], expectation, made);
    });
    if (interrupted()) break;
    std::vector<AttemptResult> results;
    for (const auto& outcome : outcomes) results.push_back(outcome->result);
    if (const auto taken = shrinking.learn(attempts, results)) {
      const auto which = std::find_if(results.begin(), results.end(),
                                      [](const AttemptResult& result) { return result.holds; }) -
                         results.begin();
      const Outcome& outcome = *outcomes[static_cast<std::size_t>(which)];
      made = outcome.made;
      print_text("  {}: {} {} after {} runs\n", taken->what, expectation.metric,
                 measured_text(outcome.verified.measured), shrinking.evaluations());
      std::fflush(result_stream());  // it may be watched through a pipe
    }
    progress.show(double(shrinking.evaluations()));
  }
  return false;
}

std::int64_t nodes(const Scenario& scenario) {
  return scenario.servers.count + scenario.workers.count;
}

void offer_shrink(VerbOptions& verb, Options& typed) {
  offer_scenario(verb, typed);
  verb.text("--keep PROPERTY", typed.shrink.keep, "Property to preserve");
  verb.require("--keep");
  verb.integer("--evaluations N", {1, 1'000'000}, typed.shrink.evaluations,
               "Largest number of runs [default: 1000]");
  verb.text("--out FILE", typed.out, "The result [default: SCENARIO.shrunk.json]");
  offer_threads(verb, typed);
  verb.flag("--force", typed.force, "Overwrite an existing file");
}

int shrink(const Options& options) {
  Scenario scenario = load_scenario(options.scenario);
  const fs::path file = chosen_file(options, scenario.name);
  check_file(file, options.force);
  watch_for_interrupt();
  const std::optional<Outcome> first = first_outcome(scenario, options);
  if (!first || interrupted()) return kInterrupted;
  const Expectation& expectation = first->verified.expectation;
  scenario.expect = {expectation};
  Shrinking shrinking(scenario, options.shrink.evaluations, first->result.unused_decisions);
  const bool ended = shrink_to_end(shrinking, expectation, options, first->made);
  Json json = shrinking.json();
  json["name"] = name_with(scenario.name, "shrunk");
  json["summary"] =
      fmt::format("minimal form of {} that keeps {}", scenario.name, to_text(expectation));
  write_whole(file, json.dump(2) + "\n");
  const Scenario& least = shrinking.scenario();
  print_text("{}: {} -> {} steps, {} -> {} nodes, {} runs{}\n", file.string(), scenario.steps,
             least.steps, nodes(scenario), nodes(least), shrinking.evaluations(),
             ended && shrinking.is_exhausted() ? " (all that were allowed)" : "");
  if (!ended) tell("interrupted; the smallest scenario so far is in {}\n", file.string());
  return ended ? kDone : kInterrupted;
}

}  // namespace

Verb shrink_verb() {
  return {"shrink",
          "Minimize a scenario while preserving a property",
          "  byzsim shrink worst.json --keep \"drift >= 0.9*\"\n"
          "  byzsim shrink my.json --keep \"broken_invariants > 0\" --out bug.json",
          offer_shrink,
          shrink,
          kShrinkNotes};
}

}  // namespace byzsim
