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
#include "tools/input/input_files.h"
#include "tools/input/scenario_options.h"
#include "tools/line/command.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/line/progress.h"
#include "tools/line/shared_options.h"
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

struct ShrinkOptions {
  ScenarioOptions scenario;
  std::string keep;                 // the property, as typed
  std::int64_t evaluations = 1000;  // runs at most
  std::string out;                  // a file; empty: the default place
  int threads = 1;
  bool force = false;
};

// Beside the input; what comes from elsewhere ends up in the working directory.
fs::path chosen_file(const ShrinkOptions& own, const std::string& name) {
  if (!own.out.empty()) return own.out;
  const fs::path source = own.scenario.name;
  const bool is_file = own.scenario.name != "-" && fs::exists(source);
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
  MadeBefore made = {};
};

// Nothing when the user has interrupted it.
std::optional<Outcome> run_and_verify(const Scenario& scenario, const Expectation& expectation,
                                      int threads, MadeBefore made = {}) {
  Replay replay(scenario, threads, std::move(made));
  while (replay.simulation.advance())
    if (interrupted()) return std::nullopt;
  replay.simulation.finish();
  const Verified verified = verify(expectation, replay.simulation);
  return Outcome{verified, {verified.holds, replay.simulation.unused_decisions()}, replay.made()};
}

// A smaller scenario may ask for what there is not: data without an example for each worker.
std::optional<Outcome> try_attempt(const Attempt& attempt, const Expectation& expectation,
                                   MadeBefore made) {
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
std::optional<Outcome> first_outcome(const Scenario& scenario, const ShrinkOptions& own) {
  const Property property = read_property(own.keep);
  // Measured before anything else: a share is of this, and a property that fails now cannot be
  // kept.
  const auto first = run_and_verify(scenario, property.expectation, own.threads);
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
bool shrink_to_end(Shrinking& shrinking, const Expectation& expectation, const ShrinkOptions& own,
                   const CommonOptions& common, MadeBefore made) {
  // As many attempts as threads, each on one: small runs do not divide well.
  const Executor executor(own.threads);
  Progress progress("shrink", own.evaluations, common.quiet, "run");
  while (!interrupted()) {
    const std::vector<Attempt> attempts = shrinking.attempts(static_cast<std::size_t>(own.threads));
    if (attempts.empty()) return true;
    std::vector<std::optional<Outcome>> outcomes(attempts.size());
    executor.for_each(attempts.size(), [&](std::size_t i) {
      outcomes[i] = try_attempt(attempts[i], expectation, made);
    });
    // Some of the runs may have been cut off: none of them counts.
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
  // On a graph there are no workers beside the nodes.
  return scenario.servers.count + (scenario.one_role ? 0 : scenario.workers.count);
}

void offer_shrink(CommandOptions& options, ShrinkOptions& own) {
  offer_scenario(options, own.scenario);
  options.text("--keep PROPERTY", own.keep, "Property to preserve");
  options.require("--keep");
  options.integer("--evaluations N", {1, 1'000'000}, own.evaluations,
                  "Largest number of runs [default: 1000]");
  options.text("--out FILE", own.out, "The result [default: SCENARIO.shrunk.json]");
  offer_threads(options, own.threads);
  options.flag("--force", own.force, "Overwrite an existing file");
}

int shrink(const ShrinkOptions& own, const CommonOptions& common) {
  Scenario scenario = load_scenario(source_of(own.scenario, common));
  const fs::path file = chosen_file(own, scenario.name);
  refuse_own_input(file, own.scenario.name);
  check_file(file, own.force);
  watch_for_interrupt();
  const std::optional<Outcome> first = first_outcome(scenario, own);
  if (!first || interrupted()) return kInterrupted;
  const Expectation& expectation = first->verified.expectation;
  // The result is a scenario that checks by itself what it was made for.
  scenario.expect = {expectation};
  Shrinking shrinking(scenario, own.evaluations, first->result.unused_decisions);
  const bool ended = shrink_to_end(shrinking, expectation, own, common, first->made);
  Json json = shrinking.json();
  json["name"] = name_with(scenario.name, "shrunk");
  json["summary"] =
      fmt::format("minimal form of {} that keeps {}", scenario.name, to_text(expectation));
  // After an interruption too: what was reached so far is a valid scenario.
  write_whole(file, json.dump(2) + "\n");
  const Scenario& least = shrinking.scenario();
  print_text("{}: {} -> {} steps, {} -> {} nodes, {} runs{}\n", file.string(), scenario.steps,
             least.steps, nodes(scenario), nodes(least), shrinking.evaluations(),
             ended && shrinking.is_exhausted() ? " (all that were allowed)" : "");
  if (!ended) tell("interrupted; the smallest scenario so far is in {}\n", file.string());
  return ended ? kDone : kInterrupted;
}

}  // namespace

Command shrink_command() {
  return command("shrink", "Minimize a scenario while preserving a property",
                 "  byzsim shrink worst.json --keep \"drift >= 0.9*\"\n"
                 "  byzsim shrink my.json --keep \"broken_invariants > 0\" --out bug.json",
                 offer_shrink, shrink, kShrinkNotes);
}

}  // namespace byzsim
