// A run or a sweep as one page for the browser. What a run's directory does not hold (who said what
// to whom, where each server stood) comes from running it again, which verifies it as well.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "adversaries/attacks/attack.h"
#include "adversaries/known_strategies.h"
#include "core/input/issue.h"
#include "sim/results/provenance.h"
#include "tools/line/command.h"
#include "tools/line/interrupt.h"
#include "tools/line/output.h"
#include "tools/line/progress.h"
#include "tools/line/shared_options.h"
#include "tools/report/report_page.h"
#include "tools/report/server_distances.h"
#include "tools/report/timeline.h"
#include "tools/run/replay.h"
#include "tools/run/stored_run.h"
#include "tools/sweep/merge_sweep.h"
#include "tools/sweep/sweep.h"
#include "tools/sweep/sweep_directory.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

struct ReportOptions {
  std::string directory;
  std::string out;             // a file; empty: the default place
  std::int64_t events = 5000;  // arrivals of messages that the page draws
  std::int64_t from = 0;       // the step with which the timeline begins
  int threads = 1;
};

// Before a long replay, not after it.
void check_page_writable(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const int error = fs::is_directory(file)                ? EISDIR
                    : ::access(folder.c_str(), W_OK) != 0 ? errno
                                                          : 0;
  if (error != 0)
    throw InputError({file.string(), std::string("cannot write: ") + std::strerror(error),
                      "name another file with --out FILE"});
  // A page gives way to a newer one, and nothing else does.
  if (fs::is_regular_file(file) && !read_text(file).starts_with("<!DOCTYPE html>"))
    throw InputError(
        {file.string(), "exists and is not a report page", "name another file with --out FILE"});
}

Json page_data(const char* kind, const ReportOptions& own) {
  return {{"kind", kind}, {"version", provenance().version}, {"directory", own.directory}};
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

int report_run(const ReportOptions& own, const fs::path& file, bool quiet) {
  const StoredRun stored = read_stored_run(own.directory);
  refuse_interrupted(stored);
  refuse_step_beyond(own.from, stored.scenario.steps);
  watch_for_interrupt();
  Progress progress(stored.scenario.name, stored.scenario.steps, quiet);
  Replay replay(stored.scenario, own.threads);
  Timeline timeline(own.from, static_cast<std::size_t>(own.events));
  ServerDistances distances(replay.workload);
  // A step is complete once it has its row.
  const auto complete_rows = [&] {
    const std::vector<MetricsRow>& rows = replay.simulation.metrics();
    if (!rows.empty()) distances.complete(rows.back().step);
  };
  if (!advance_to_end(replay, progress, [&](const Occurrence& occurrence) {
        timeline.see(occurrence);
        distances.see(occurrence);
        complete_rows();
      })) {
    tell("interrupted: no report\n");
    return kInterrupted;
  }
  complete_rows();
  const RunResult made =
      replayed_result(stored, replay.simulation, {progress.seconds(), own.threads});
  const std::vector<std::string> lines = differences(stored, made);
  Json data = page_data("run", own);
  // The stored result, not the replay's: where they differ the page shows both.
  data["run"] = stored.json;
  data["metrics"] = stored.metrics_csv;
  data["gathers"] = stored.gathers_csv;
  data["replayed"] = {{"digest", to_json(made)["digest"]}, {"differences", lines}};
  data["timeline"] = timeline.to_json(stored.scenario);
  data["distances"] = distances.to_json();
  write_whole(file, report_page(data));
  print_text("{}\n", file.string());
  if (lines.empty()) return kDone;
  print_text("the replay differs from the stored run, and the page shows how:\n");
  for (const std::string& line : lines) print_text("  {}\n", line);
  return kDigestMismatch;
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
  if (own.from != ReportOptions().from || own.events != ReportOptions().events)
    tell("note: --from and --events have no effect: the page of a sweep has no timeline\n");
  const fs::path directory = own.directory;
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
  options.text("DIR", own.directory, "A directory written by byzsim run or byzsim sweep merge");
  options.text("--out FILE", own.out, "The page [default: DIR/report.html]");
  options.integer("--events N", {0, 1'000'000}, own.events,
                  "Messages that the timeline of a run shows [5000]");
  options.integer("--from STEP", {0, 999'999'999'999}, own.from,
                  "Begin the timeline with the first message of this step [0]");
  offer_threads(options, own.threads);
}

int report(const ReportOptions& own, const CommonOptions& common) {
  // Before a replay whose page could not be drawn.
  check_page_parts();
  const fs::path directory = directory_of_run(own.directory);
  const bool is_sweep = fs::exists(directory / "plan.jsonl");
  if (!is_sweep && !fs::exists(directory / "run.json"))
    throw InputError({directory.string(),
                      "contains neither a run (run.json) nor a sweep (plan.jsonl)",
                      "give a directory written by byzsim run or byzsim sweep"});
  const fs::path file = own.out.empty() ? directory / "report.html" : fs::path(own.out);
  check_page_writable(file);
  return is_sweep ? report_sweep(own, file) : report_run(own, file, common.quiet);
}

}  // namespace

Command report_command() {
  return command("report", "Write a finished run or sweep as one page for the browser",
                 "  byzsim report results/quickstart/0123456789abcdef --from 100 --events 2000\n"
                 "  byzsim report results/quickstart/sweep-0123456789abcdef --out sweep.html",
                 offer_report, report);
}

}  // namespace byzsim
