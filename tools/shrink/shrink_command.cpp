// `byzsim shrink`: makes a scenario smaller while what matters of it holds.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "core/parallel.h"
#include "sim/results/results.h"
#include "sim/scenario/scenario_json.h"
#include "tools/interrupt.h"
#include "tools/progress.h"
#include "tools/replay.h"
#include "tools/shrink/property.h"
#include "tools/shrink/shrinking.h"
#include "tools/verbs.h"

namespace byzsim {
namespace {

constexpr const char* kNotes =
    "What is kept is METRIC RELATION NUMBER, the metric with :max or :min for its largest or\n"
    "smallest value instead of the last, the number with * for that share of what the scenario\n"
    "measures at first; or \"status = stalled\", \"status = time_limit\", \"diverged\".\n\n"
    "Fewer steps, a simpler model, smaller numbers, fewer nodes, fewer entries of a script,\n"
    "fewer values that are no defaults, rounder numbers: whatever still keeps it is taken,\n"
    "until nothing smaller does. The result depends on the scenario and --evaluations alone.\n\n";

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
    throw InputError({file.string(), "is there already, and byzsim does not overwrite it",
                      "choose another file with --out FILE, or --force"});
  const fs::path folder = fs::absolute(file).parent_path();
  if (!fs::is_directory(folder))
    throw InputError({file.string(), "cannot be written: " + folder.string() + " is no directory",
                      "choose another file with --out FILE"});
}

// Nothing when the user has interrupted it.
std::optional<Verified> run_and_verify(const Scenario& scenario, const Expectation& expectation,
                                       int threads) {
  Replay replay(scenario, threads);
  while (replay.simulation.advance())
    if (interrupted()) return std::nullopt;
  replay.simulation.finish();
  return verify(expectation, replay.simulation);
}

// A smaller scenario may ask for what there is not: data without an example for each worker.
std::optional<Verified> try_attempt(const Attempt& attempt, const Expectation& expectation) {
  try {
    return run_and_verify(attempt.scenario, expectation, 1);
  } catch (const InputError&) {
    return Verified{expectation, std::nullopt, false};
  }
}

std::string number(const std::optional<double>& value) {
  return value ? fmt::format("{:.4g}", *value) : "undefined";
}

// The property with its number, which the scenario itself holds. Throws InputError if it does not.
Expectation property_of(const Scenario& scenario, const Options& options) {
  const Property property = read_property(options.shrink.keep);
  const auto first = run_and_verify(scenario, property.expectation, options.threads);
  if (!first) return property.expectation;
  const Expectation expectation = expectation_of(property, first->measured.value_or(0));
  const bool kept =
      first->measured && holds(*first->measured, expectation.relation, expectation.value);
  if (!kept)
    throw InputError({"--keep",
                      fmt::format("{} does not hold in {} itself, which measures {}",
                                  to_text(expectation), scenario.name, number(first->measured)),
                      "keep what it does"});
  fmt::print("{} keeps {}: {} at first\n", scenario.name, to_text(expectation),
             number(first->measured));
  std::fflush(stdout);
  return expectation;
}

// Whether it came to its end.
bool shrink_to_end(Shrinking& shrinking, const Expectation& expectation, const Options& options) {
  const Executor executor(options.threads);
  Progress progress("shrink", options.shrink.evaluations, options.quiet, "run");
  while (!interrupted()) {
    const std::vector<Attempt> attempts =
        shrinking.attempts(static_cast<std::size_t>(options.threads));
    if (attempts.empty()) return true;
    std::vector<std::optional<Verified>> verdicts(attempts.size());
    executor.for_each(attempts.size(),
                      [&](std::size_t i) { verdicts[i] = try_attempt(attempts[i], expectation); });
    if (interrupted()) break;
    std::vector<bool> kept;
    for (const auto& verdict : verdicts) kept.push_back(verdict->holds);
    if (const auto taken = shrinking.learn(attempts, kept)) {
      const auto which = std::find(kept.begin(), kept.end(), true) - kept.begin();
      fmt::print("  {}: {} {} after {} runs\n", taken->what, expectation.metric,
                 number(verdicts[static_cast<std::size_t>(which)]->measured),
                 shrinking.evaluations());
      std::fflush(stdout);  // it may be watched through a pipe
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
  verb.text("--keep PROPERTY", typed.shrink.keep, "What must hold");
  verb.require("--keep");
  verb.integer("--evaluations N", {1, 1'000'000}, typed.shrink.evaluations, "Runs at most [1000]");
  verb.text("--out FILE", typed.out, "The result [SCENARIO.shrunk.json]");
  offer_threads(verb, typed);
  offer_quiet(verb, typed);
  verb.flag("--force", typed.force, "Write the file although it is there");
}

int shrink(const Options& options) {
  Scenario scenario = load_scenario(options.scenario);
  const fs::path file = chosen_file(options, scenario.name);
  check_file(file, options.force);
  watch_for_interrupt();
  const Expectation expectation = property_of(scenario, options);
  if (interrupted()) return kInterrupted;
  scenario.expect = {expectation};
  Shrinking shrinking(scenario, options.shrink.evaluations);
  const bool ended = shrink_to_end(shrinking, expectation, options);
  Json json = shrinking.json();
  json["summary"] =
      fmt::format("the least of {} that keeps {}", scenario.name, to_text(expectation));
  write_whole(file, json.dump(2) + "\n");
  const Scenario& least = shrinking.scenario();
  fmt::print("{}: {} -> {} steps, {} -> {} nodes, {} runs{}\n", file.string(), scenario.steps,
             least.steps, nodes(scenario), nodes(least), shrinking.evaluations(),
             ended && shrinking.is_exhausted() ? " (all that were allowed)" : "");
  if (!ended) fmt::print(stderr, "interrupted; what had been reached is in {}\n", file.string());
  return ended ? kDone : kInterrupted;
}

}  // namespace

Verb shrink_verb() {
  return {"shrink",
          "Make a scenario smaller while what matters of it holds",
          "  byzsim shrink worst.json --keep \"drift >= 0.9*\"\n"
          "  byzsim shrink my.json --keep \"broken_invariants > 0\" --out bug.json",
          offer_shrink,
          shrink,
          kNotes};
}

}  // namespace byzsim
