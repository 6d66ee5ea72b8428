// A run, branches of a run or a sweep as one page for the browser. What a run's directory does not
// hold (which message arrived where, where each server was) comes from a replay, which verifies it
// as well.
#include <fmt/format.h>

#include <optional>

#include "adversaries/attacks/attack.h"
#include "adversaries/known_strategies.h"
#include "core/input/issue.h"
#include "sim/results/provenance.h"
#include "tools/line/command.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/line/progress.h"
#include "tools/line/shared_options.h"
#include "tools/report/branches.h"
#include "tools/report/drawn_run.h"
#include "tools/report/report_page.h"
#include "tools/run/replay.h"
#include "tools/run/stored_run.h"
#include "tools/sweep/merge_sweep.h"
#include "tools/sweep/sweep.h"
#include "tools/sweep/sweep_directory.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

struct ReportOptions {
  std::vector<std::string> directories;
  std::string out;                     // a file; empty: the default place
  std::optional<std::int64_t> events;  // arrivals of messages that the page holds
  std::int64_t from = 0;               // the step with which the timeline begins
  int threads = 1;

  const std::string& directory() const { return directories[0]; }
};

Json page_data(const char* kind, const ReportOptions& own) {
  return {{"kind", kind}, {"version", provenance().version}, {"directory", own.directory()}};
}

void refuse_interrupted(const StoredRun& stored) {
  if (stored.json.value("status", Json()) != "interrupted") return;
  throw InputError({(stored.directory / "run.json").string(),
                    "was interrupted, so no replay can have its digest",
                    "finish it with byzsim run"});
}

// Before a long replay, not after it.
void refuse_step_beyond(std::int64_t from, std::int64_t steps) {
  if (from > steps)
    throw InputError({"--from", fmt::format("must be in [0, {}], the steps of this run", steps),
                      "metrics.csv shows the steps and their times"});
}

// What a page of the run shows of its replay; nothing once the user interrupts it.
std::optional<DrawnRun> replayed_for_page(const StoredRun& stored, const ReportOptions& own,
                                          bool quiet) {
  Progress progress(stored.scenario.name, stored.scenario.steps, quiet);
  Replay replay(stored.scenario, own.threads);
  std::optional<DrawnRun> made =
      draw_run(stored.scenario, replay, progress, own.from, own.events.value_or(kMostMessages));
  if (!made) return {};
  const RunResult result =
      replayed_result(stored, replay.simulation, {progress.seconds(), own.threads});
  made->data["replayed"] = {{"digest", to_json(result)["digest"]},
                            {"differences", differences(stored, result)}};
  return made;
}

int interrupted_without_page() {
  tell("interrupted: no report\n");
  return kInterrupted;
}

int report_run(const ReportOptions& own, const fs::path& file, bool quiet) {
  const StoredRun stored = read_stored_run(own.directory());
  refuse_interrupted(stored);
  refuse_step_beyond(own.from, stored.scenario.steps);
  watch_for_interrupt();
  const std::optional<DrawnRun> made = replayed_for_page(stored, own, quiet);
  if (!made) return interrupted_without_page();
  Json data = page_data("run", own);
  data.update(made->data);
  // The stored result, not the replay's: where they differ the page shows both.
  data["run"] = stored.json;
  data["metrics"] = stored.metrics_csv;
  data["gathers"] = stored.gathers_csv;
  write_whole(file, report_page(data, made->blocks));
  print_text("{}\n", file.string());
  if (made->is_full && !own.events)
    tell(
        "note: the timeline holds the first {} messages alone; --from STEP begins it later, and "
        "--events N sets their number\n",
        kMostMessages);
  const Json& lines = made->data["replayed"]["differences"];
  if (lines.empty()) return kDone;
  print_text("the replay differs from the stored run, and the page shows how:\n");
  for (const Json& line : lines) print_text("  {}\n", line.get<std::string>());
  return kDigestMismatch;
}

void note_no_timeline(const ReportOptions& own, const char* page) {
  if (own.from != 0 || own.events)
    tell("note: --from and --events have no effect: the page of {} has no timeline\n", page);
}

int report_branches(const ReportOptions& own, const fs::path& file, bool quiet) {
  note_no_timeline(own, "branches");
  std::vector<StoredRun> runs;
  for (const std::string& directory : own.directories) {
    runs.push_back(read_stored_run(directory));
    refuse_interrupted(runs.back());
  }
  watch_for_interrupt();
  const std::optional<Json> branches = branches_json(runs, own.threads, quiet);
  if (!branches) return interrupted_without_page();
  Json data = page_data("branches", own);
  data.update(*branches);
  write_whole(file, report_page(data));
  print_text("{}\n", file.string());
  return kDone;
}

// As its file or its scenario calls it.
std::string name_of_sweep(const Json& sweep, const fs::path& directory) {
  const Json name = sweep.is_object() ? sweep.value("name", Json()) : Json();
  return name.is_string() ? name.get<std::string>() : directory.filename().string();
}

// The columns of each axis, which are several where axes are zipped. Only sweep.json tells: a plan
// lists columns alone.
Json columns_of_axes(const Json& sweep) {
  Json axes = Json::array();
  for (const Axis& axis : read_sweep(sweep).axes) axes.push_back(axis.columns);
  return axes;
}

// Where all runs are there, merged tables are what they give.
void check_merged_tables(const fs::path& directory) {
  const SweepTables tables = tables_of(read_plan(directory), directory, true);
  for (const auto& [name, now] :
       {std::pair("summary.csv", tables.summary), std::pair("curves.csv", tables.curves)})
    if (read_text(directory / name) != now)
      throw InputError({(directory / name).string(),
                        "is not what the runs give: it was cut or changed, or runs were made since",
                        "byzsim sweep merge " + directory.string() + " writes it again"});
}

int report_sweep(const ReportOptions& own, const fs::path& file) {
  note_no_timeline(own, "a sweep");
  const fs::path directory = own.directory();
  const SweepState state = state_of_sweep(directory, read_plan(directory));
  const bool merged = fs::exists(directory / "summary.csv") && fs::exists(directory / "curves.csv");
  // Incomplete sweeps have a page, too, of what was merged so far.
  if (merged) {
    Json data = page_data("sweep", own);
    const fs::path sweep_file = directory / "sweep.json";
    const Json sweep = parse_json(read_text(sweep_file), sweep_file.string());
    data["name"] = name_of_sweep(sweep, directory);
    data["axes"] = columns_of_axes(sweep);
    data["plan"] = read_text(directory / "plan.jsonl");
    // An incomplete sweep was merged with --partial: runs made since are no mistake.
    if (state.complete()) check_merged_tables(directory);
    data["summary"] = read_text(directory / "summary.csv");
    data["curves"] = read_text(directory / "curves.csv");
    data["failures"] = Json::object();
    for (const Point* point : state.failed)
      data["failures"][point->id] = read_failure(directory, point->id);
    write_whole(file, report_page(data));
    print_text("{}\n", file.string());
    if (state.complete()) return kDone;
  }
  tell(
      "{}: {} of {} runs are done{}; byzsim sweep {} {} continues{}\n", directory.string(),
      state.done.size(), state.total(), merged ? "" : " but not merged",
      state.complete() ? "merge" : "run", directory.string(),
      merged || state.failed.empty() ? "" : ", and sweep merge --partial merges the finished runs");
  return kSweepIncomplete;
}

void offer_report(CommandOptions& options, ReportOptions& own) {
  options.texts("DIR", own.directories,
                "A directory written by byzsim run or byzsim sweep merge; several: branches of one "
                "run, in any order, with or without that run");
  options.text("--out FILE", own.out,
               "The page [default: DIR/report.html; of branches branches.html in the first DIR]");
  options.integer("--events N", {0, 10'000'000}, own.events,
                  "Messages on the timeline of a run [default: all, 2000000 at most]");
  options.integer("--from STEP", {0, 999'999'999'999}, own.from,
                  "Begin the timeline with the first message of this step [0]");
  offer_threads(options, own.threads);
}

bool holds_sweep(const fs::path& directory) { return fs::exists(directory / "plan.jsonl"); }

void check_has_result(const fs::path& directory) {
  if (!holds_sweep(directory) && !fs::exists(directory / "run.json"))
    throw InputError({directory.string(),
                      "contains neither a run (run.json) nor a sweep (plan.jsonl)",
                      "give a directory written by byzsim run or byzsim sweep"});
}

int report(const ReportOptions& own, const CommonOptions& common) {
  // Before a replay whose page could not be drawn.
  check_page_parts();
  const fs::path directory = directory_of_run(own.directory());
  check_has_result(directory);
  const bool several = own.directories.size() > 1;
  const fs::path file =
      own.out.empty() ? directory / (several ? "branches.html" : "report.html") : fs::path(own.out);
  check_page_writable(file, "--out FILE");
  if (several) return report_branches(own, file, common.quiet);
  return holds_sweep(directory) ? report_sweep(own, file) : report_run(own, file, common.quiet);
}

}  // namespace

Command report_command() {
  return command("report",
                 "Write a finished run, branches of a run or a sweep as one page for the browser",
                 "  byzsim report results/quickstart/0123456789abcdef --from 100 --events 2000\n"
                 "  byzsim report branch-a branch-b trunk --out branches.html",
                 offer_report, report);
}

}  // namespace byzsim
