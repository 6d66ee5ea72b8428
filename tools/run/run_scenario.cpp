#include "tools/run/run_scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <optional>
#include <utility>

#include "adversaries/attacks/attack.h"
#include "adversaries/known_strategies.h"
#include "core/input/json_fields.h"
#include "sim/results/checksums.h"
#include "sim/scenario/scenario_inputs.h"
#include "sim/scenario/scenario_json.h"
#include "tools/input/scenario_source.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/line/progress.h"
#include "tools/line/shared_options.h"
#include "tools/run/kept_snapshots.h"
#include "tools/run/model_files.h"
#include "tools/run/replay.h"
#include "tools/run/resumable_run.h"
#include "tools/run/run_outcome.h"
#include "tools/run/trace.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

std::string number(const Json& value) {
  return value.is_null() ? "undefined" : fmt::format("{:.4g}", value.get<double>());
}

std::string percent(const Json& value) {
  return value.is_null() ? "undefined" : fmt::format("{:.2f} %", 100 * value.get<double>());
}

// A run that is there already may be of a version that did not tell.
std::string unused_decisions(const Json& run) {
  const Json script = run.value("script", Json::object());
  const auto unused = script.value("unused", std::uint64_t{0});
  if (unused == 0) return "";
  std::string text;
  const auto out = std::back_inserter(text);
  fmt::format_to(
      out, "  unused    {} of the script's deliveries and forgeries: no such message was sent\n",
      unused);
  for (const Json& pointer : script.at("first_unused"))
    fmt::format_to(out, "            {} {}\n", pointer.get<std::string>(),
                   brief(run.at("scenario").at(Json::json_pointer(pointer.get<std::string>()))));
  if (unused > script.at("first_unused").size()) fmt::format_to(out, "            ...\n");
  return text;
}

std::string unused_settings_of(const Json& run) {
  const Json unused = run.value("unused", Json::array());
  std::string text;
  for (const Json& pointer : unused)
    text += fmt::format("  no effect {}\n", pointer.get<std::string>());
  return text;
}

// A loss may come back once a median has replaced a parameter that was not finite.
std::string divergence(const Json& run) {
  const Json& step = run.at("diverged_at_step");
  if (run.at("final").at("loss").is_null() && !step.is_null())
    return fmt::format("  diverged: the loss is not finite from step {}\n",
                       step.get<std::int64_t>());
  if (run.at("status") == "diverged")
    return "  diverged: a parameter of an honest server is not finite at the end\n";
  return step.is_null() ? ""
                        : fmt::format("  the loss was not finite at step {}, and is at the end\n",
                                      step.get<std::int64_t>());
}

std::string summary_of(const Json& run, const fs::path& directory) {
  std::string text;
  const auto out = std::back_inserter(text);
  const Json& last = run.at("final");
  fmt::format_to(out, "{} ({} steps, {:.3f} simulated seconds, {} messages)\n",
                 run.at("name").get<std::string>(), run.at("steps").get<std::int64_t>(),
                 run.at("simulated_seconds").get<double>(),
                 run.at("messages").get<std::uint64_t>());
  if (run.at("scenario").at("numbers") == "real") {
    // A model that predicts no class has none, a run that diverged has lost it.
    if (!last.at("accuracy").is_null() || !run.at("diverged_at_step").is_null())
      fmt::format_to(out, "  accuracy  {} (worst honest {} {})\n", percent(last.at("accuracy")),
                     run.at("scenario").contains("nodes") ? "node" : "server",
                     percent(last.at("accuracy_worst")));
    fmt::format_to(out, "  loss      {}\n  drift     {}\n", number(last.at("loss")),
                   number(last.at("drift")));
    if (last.contains("attack_success"))
      fmt::format_to(out, "  backdoor  {} of other classes turn into its target\n",
                     percent(last.at("attack_success")));
    if (last.contains("validation_accuracy"))
      fmt::format_to(out, "  validated {} of the examples held back\n",
                     percent(last.at("validation_accuracy")));
  }
  text += divergence(run);
  if (const std::string end = early_end(run); !end.empty()) fmt::format_to(out, "  {}\n", end);
  if (const std::string missing = missing_answers(run); !missing.empty())
    fmt::format_to(out, "  waits     {}\n", missing);
  const char* label = "  nodes     ";
  for (const std::string& fate : fates_of_nodes(run))
    fmt::format_to(out, "{}{}\n", std::exchange(label, "            "), fate);
  text += unused_settings_of(run);
  text += unused_decisions(run);
  for (const auto& [sentence, count] : run.at("broken_invariants").items())
    fmt::format_to(out, "  internal error: {} ({} times); please report this with the scenario\n",
                   sentence, count.get<std::uint64_t>());
  for (const Json& each : run.at("expectations")) fmt::format_to(out, "  {}\n", verdict(each));
  fmt::format_to(out, "  digest    {}\n", run.at("digest").at("run").get<std::string>());
  fmt::format_to(out, "  wall time {:.1f} s on {} threads\n",
                 run.at("machine").at("wall_seconds").get<double>(),
                 run.at("machine").at("threads").get<int>());
  // Runs without gathers have no such file.
  const bool gathered = fs::exists(directory / "gathers.csv");
  const std::size_t models = run.value("models", Json::array()).size();
  fmt::format_to(out, "  files     {}, metrics.csv{}{} and digests.csv\n",
                 (directory / "run.json").string(), gathered ? ", gathers.csv" : "",
                 models == 0 ? "" : fmt::format(", {} in models/", models));
  return text;
}

int exit_code_of(const Json& run) {
  // A failed expectation is what the user asked about: it outweighs an early end.
  if (!failed_expectations(run).empty()) return kExpectationFailed;
  return ended_early(run) ? kEndedEarly : kDone;
}

// Prints the result, which `run_json` holds as bytes; the exit code says whether the scenario's
// expectations hold, and whether the run came to its last step.
int conclude(const RunOptions& own, const Json& run, const std::string& run_json,
             const fs::path& directory) {
  const int code = exit_code_of(run);
  const std::string summary = summary_of(run, directory);  // before any of it is printed
  if (own.json)
    write_bytes(result_stream(), run_json);
  else
    print_text("{}", summary);
  return code;
}

// A run that is there, of whatever version.
int conclude_stored(const RunOptions& own, const fs::path& directory) {
  const fs::path file = directory / "run.json";
  const std::string run_json = read_text(file);
  return read_fields(file.string(), "--force runs it again", [&] {
    return conclude(own, parse_json(run_json, file.string()), run_json, directory);
  });
}

int keep_interrupted(const Replay& replay, const RunFiles& files, const fs::path& directory,
                     const BegunDirectory& begun, bool goes_on) {
  fs::path kept = directory;
  // Beside it: the run's own directory holds a whole result or none.
  kept += ".interrupted";
  // A copy of the models so far, as the run may go on with its own.
  const BegunDirectory copy(kept);
  copy.add_all_of(begun);
  write_run(kept, files, true, &copy);
  tell("interrupted at step {} of {}; the rows so far are in {}{}\n", replay.simulation.step(),
       replay.workload->scenario().steps, kept.string(),
       goes_on ? "; the same command goes on from here" : "");
  return kInterrupted;
}

// Each output has a place of its own, and none is that of what is read.
void check_outputs(const RunOptions& own, const fs::path& directory, const std::string& read_from) {
  std::vector<std::pair<std::string, fs::path>> taken = {{"the place of the result", directory}};
  for (const char* file : {"run.json", "metrics.csv", "gathers.csv", "digests.csv", kChecksumsFile})
    taken.emplace_back("the place of the result", directory / file);
  if (fs::exists(read_from)) taken.emplace_back("the scenario file itself", read_from);
  for (const auto& [option, file] :
       {std::pair("--trace", own.trace), std::pair("--record", own.record)}) {
    if (file.empty()) continue;
    for (const auto& [what, path] : taken)
      // One file can have several names, and need not exist yet.
      if (fs::weakly_canonical(fs::absolute(file)) == fs::weakly_canonical(fs::absolute(path)))
        throw InputError({fmt::format("{} {}", option, file), "is " + what, "name another file"});
    taken.emplace_back(std::string("the place of ") + option, file);
  }
}

// Before the run rather than behind it.
void check_record(const RunOptions& own) {
  if (own.record_vectors != "reference" && own.record_vectors != "value")
    throw InputError(not_one_of("--record-vectors", own.record_vectors, {"reference", "value"}));
  if (own.record.empty()) return;
  const fs::path folder = fs::absolute(own.record).parent_path();
  if (!fs::is_directory(folder) || fs::is_directory(own.record))
    throw InputError(
        {"--record " + own.record,
         std::string("cannot write: ") + std::strerror(fs::is_directory(folder) ? EISDIR : ENOENT),
         "name a file in a directory that exists"});
}

// What the state of a run holds beside the simulation.
std::vector<std::string> held_beside(const Scenario& scenario, const RunOptions& own) {
  std::vector<std::string> beside;
  if (!own.record.empty()) beside.push_back("record by " + own.record_vectors);
  if (!own.trace.empty()) beside.emplace_back("timeline");
  if (const auto every = scenario.keeps_models_every())
    beside.push_back(fmt::format("list of models every {} steps", *every));
  else if (scenario.keeps_models())
    beside.emplace_back("list of models");
  return beside;
}

// Runs to the end, or until the user interrupts: whether it was the end.
bool make_run(Replay& replay, ResumableRun& resumable, Progress& progress, TraceFile* trace,
              const BegunDirectory& begun) {
  const auto see = [&](const Occurrence& occurrence) {
    if (trace) trace->write(occurrence);
    const Scenario& scenario = replay.workload->scenario();
    if (scenario.keeps_models()) write_models(occurrence, scenario, begun);
    // The real clock is looked at where that takes no time beside what was done.
    if (occurrence.kind() == EventKind::computed) resumable.keep_if_due(progress.seconds());
  };
  const auto stop = [&] {
    if (!interrupted()) return false;
    resumable.keep(progress.seconds());
    return true;
  };
  return advance_to_end(replay, progress, see, stop);
}

void write_record(const Scenario& scenario, const Simulation& simulation, const std::string& file) {
  if (file.empty()) return;
  const Scenario recorded = scenario_of_record(scenario, *simulation.record());
  write_whole(file, lines_of(write_scenario(recorded, scenario_tables())));
  tell("recorded {} delays and {} forgeries in {}\n", recorded.script.deliveries.size(),
       recorded.script.forgeries.size(), file);
}

// Of a run that is there, which may be this one on other input files.
std::string changes_since(const fs::path& directory, const Scenario& scenario) {
  std::error_code error;
  if (!fs::exists(directory / "run.json", error)) return "";
  const Json run = Json::parse(read_text(directory / "run.json"), nullptr, false);
  const Json inputs = run.is_object() ? run.value("inputs", Json()) : Json();
  const std::vector<std::string> changed = changed_inputs(read_inputs(inputs), scenario.inputs);
  return changed.empty() ? "" : fmt::format(" ({})", fmt::join(changed, "; "));
}

void refuse_other(const fs::path& directory, const Scenario& scenario) {
  throw InputError({directory.string(),
                    fmt::format("contains something other than this run, and byzsim does not "
                                "overwrite it{}",
                                changes_since(directory, scenario)),
                    "choose another directory with --out DIR"});
}

}  // namespace

Replay replay_for(const Scenario& scenario, const RunOptions& own, MadeBefore made) {
  if (own.record.empty()) return Replay(scenario, own.threads, std::move(made));
  return Replay(
      scenario, own.threads,
      own.record_vectors == "value" ? RecordedVectors::by_value : RecordedVectors::by_reference,
      std::move(made));
}

void offer_run_options(CommandOptions& options, RunOptions& own) {
  offer_threads(options, own.threads);
  options.text("--out DIR", own.out, "Directory of the result [default: results/NAME/ID]");
  options.flag("--json", own.json, "Print run.json instead of the summary");
  options.flag("--force", own.force, "Run again even if the result exists");
  options.text("--trace FILE", own.trace, "Write a timeline of every event, for ui.perfetto.dev");
  options.text(
      "--record FILE", own.record,
      "Write the scenario with every decision of its adversary as a script; it runs to the "
      "same digest");
  options.text(
      "--record-vectors reference|value", own.record_vectors,
      "Record forged vectors by the attack that makes them, or by value [default: reference]");
  options.need("--record-vectors", "--record");
  options.optional_value("--models [every=N]", "every=", kFinalModels, own.models,
                         "Keep the models of the honest servers as NumPy files in DIR/models, "
                         "with every=N also those of every N-th step; needs --out");
  options.text("--snapshot-every 60s|500steps|never", own.snapshot_every,
               "How often to keep a snapshot, from which the same command goes on after an "
               "interruption [default: 60s]");
  options.integer("--snapshots-kept N", {1, 1000}, own.snapshots_kept,
                  "Keep the newest N snapshots [default: 1]");
}

namespace {

// Makes the run, from its newest snapshot where there is one, and keeps its result in a directory
// that can be written and, unless it `replaces` what is there, is free.
int make_and_keep(const Scenario& scenario, const RunOptions& own, const CommonOptions& common,
                  const fs::path& directory, bool replaces, MadeBefore made) {
  const SnapshotPlan plan = parse_snapshot_plan(own.snapshot_every, own.snapshots_kept);
  std::optional<TraceFile> trace;
  // Before the run: a place that cannot be written is refused now.
  if (!own.trace.empty()) trace.emplace(own.trace, scenario);
  watch_for_interrupt();
  Progress progress(scenario.name, scenario.steps, common.quiet);
  Replay replay = replay_for(scenario, own, std::move(made));
  const UnusedSettings foreseen = foreseen_unused(replay.simulation, scenario_tables());
  for (const UnusedSetting& each : foreseen)
    tell("note: {} has no effect: {}\n", each.where, each.why);
  for (const std::string& note : replay.notes) tell("note: {}\n", note);
  if (own.force) KeptSnapshots(directory, plan).remove();
  ResumableRun resumable(replay, directory, plan, held_beside(scenario, own),
                         [&](Archive& archive) {
                           if (trace) trace->walk(archive);
                         });
  if (const auto from = resumable.resume())
    tell("goes on at step {} of {}, after {} events; --force runs from the beginning\n", from->step,
         scenario.steps, from->events);
  else if (trace)
    trace->begin();
  const BegunDirectory begun = resumable.begun_directory();
  const bool ended = make_run(replay, resumable, progress, trace ? &*trace : nullptr, begun);
  if (trace) {
    trace->finish(replay.simulation.metrics());
    tell("timeline in {}, for ui.perfetto.dev\n", own.trace);
  }
  const RunStatus status = ended ? status_of(replay.simulation) : RunStatus::interrupted;
  RunResult result = result_of(replay.simulation, scenario_tables(), status,
                               {resumable.seconds_before() + progress.seconds(), own.threads});
  result.models = kept_models(replay.simulation);
  // The bytes are made once: what is printed and what is written is the same.
  RunFiles files = files_of(result);
  files.final_models = final_models(replay.simulation);
  if (!ended) return keep_interrupted(replay, files, directory, begun, resumable.kept_last());
  for (const UnusedSetting& each : result.unused)
    // What was announced before the run is not repeated.
    if (std::find(foreseen.begin(), foreseen.end(), each) == foreseen.end())
      tell("note: {} has had no effect: {}\n", each.where, each.why);
  // Before the result: when it cannot be written, the run is not taken for done.
  write_record(scenario, replay.simulation, own.record);
  // A free place is not replaced: if another process has filled it meanwhile, its result stays.
  write_run(directory, files, replaces, &begun);
  resumable.remove();
  return conclude(own, to_json(result), files.run_json, directory);
}

}  // namespace

int run_scenario(Scenario scenario, const RunOptions& own, const CommonOptions& common,
                 const std::string& read_from, MadeBefore made) {
  choose_models(own.models, own.out, scenario);
  const std::string id = scenario_id(scenario, scenario_tables());
  const fs::path directory =
      own.out.empty() ? default_directory(scenario, id) : chosen_directory(own.out);
  const DirectoryState state = inspect_directory(directory, id);
  if (state == DirectoryState::other) refuse_other(directory, scenario);
  // A trace and a record can only be had by running again.
  const bool watched = !own.trace.empty() || !own.record.empty();
  const bool other_models = state == DirectoryState::same_run && lacks_models(directory, scenario);
  if (other_models)
    tell("note: {}: was run without these models; the run is made again\n", directory.string());
  if (state == DirectoryState::same_run && !own.force && !watched && !other_models) {
    tell("this run exists; --force runs it again\n");
    return conclude_stored(own, directory);
  }
  if (state == DirectoryState::damaged_run && !own.force)
    for (const Issue& issue : damage_in(directory))
      tell("note: {}: {}; the run is made again\n", issue.where, issue.problem);
  check_outputs(own, directory, read_from);
  check_record(own);
  // All that could fail afterwards fails now, before a run of hours.
  check_writable(directory);
  return make_and_keep(scenario, own, common, directory, state != DirectoryState::free,
                       std::move(made));
}

}  // namespace byzsim
