#include "tools/sweep/run_sweep.h"

#include <fmt/format.h>

#include <atomic>
#include <future>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <thread>

#include "adversaries/known_strategies.h"
#include "adversaries/plugins/declared_json.h"
#include "adversaries/plugins/plugin_call.h"
#include "adversaries/plugins/plugin_library.h"
#include "core/input/json.h"
#include "sim/scenario/scenario_json.h"
#include "tools/input/input_files.h"
#include "tools/line/progress.h"
#include "tools/run/replay.h"
#include "tools/run/resumable_run.h"
#include "tools/sweep/child_process.h"
#include "tools/sweep/sweep_directory.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

// What the jobs of one call share.
struct SweepWork {
  const Sweep& sweep;
  const fs::path& directory;
  const SweepJobs& options;
  JobMemories& memories;
  std::vector<const Point*> runs;
  Progress progress;
  std::vector<double> under_way;  // the share done of each job's run
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> broken = false;  // the directory cannot be written
  std::mutex mutex = {};             // of progress, under_way and all below
  SweepOutcome outcome = {};
  std::exception_ptr reason = {};
};

// As of single runs. A run of seconds is made again sooner than its snapshot is looked after.
const SnapshotPlan kPlanOfSweeps = {.seconds = 60, .steps = {}};
constexpr double kWorthKeeping = 10;  // seconds

bool stopped(const SweepWork& work) { return work.options.stop() || work.broken; }

// Does not wait for its turn: another job is just showing.
void show_job(SweepWork& work, std::size_t job, double share) {
  const std::unique_lock lock(work.mutex, std::try_to_lock);
  if (!lock) return;
  work.under_way[job] = share;
  const SweepOutcome& outcome = work.outcome;
  const double ended = static_cast<double>(outcome.made + outcome.failed);
  work.progress.show(
      std::accumulate(work.under_way.begin(), work.under_way.end(), ended),
      outcome.failed > 0 ? fmt::format(", {} failed", outcome.failed) : std::string());
}

// What is kept of a run that came to its end.
struct MadeRun {
  RunFiles files;
  std::vector<std::string> unused;  // settings without effect, by JSON pointer
};

// How a run ended: with its files, with errors, or with neither where it was stopped.
struct Attempt {
  std::optional<MadeRun> made;
  Issues issues;
  bool broken_promise = false;
};

using ShowShare = std::function<void(double)>;

// Nothing when it was stopped.
std::optional<MadeRun> replay_point(const SweepWork& work, const Point& point, JobMemory& memory,
                                    const ShowShare& show) {
  const double begun = work.progress.seconds();
  const Scenario scenario = scenario_of(work.sweep, point.index, memory.files);
  // Without inputs the id cannot have changed, and computing it for each run would cost time.
  if (!scenario.inputs.empty() && scenario_id(scenario, scenario_tables()) != point.id)
    throw InputError({scenario.inputs.front().file,
                      "an input file of the run has changed since the sweep was planned",
                      "begin the sweep again in another directory (--out DIR)"});
  // Data that the last run made serve again where they are the same.
  Replay replay(scenario, 1, std::move(memory.made));
  memory.made = replay.made();
  ResumableRun resumable(replay, run_directory(work.directory, point.id), kPlanOfSweeps);
  resumable.resume();
  while (const auto occurrence = replay.simulation.advance()) {
    // At each event: a run may take hours, and an interrupted sweep should end at once.
    if (stopped(work)) {
      if (const double spent = work.progress.seconds() - begun; spent >= kWorthKeeping)
        resumable.keep(spent);
      return std::nullopt;
    }
    // Not at every event: deliveries are many times as frequent.
    if (occurrence->kind() != EventKind::computed) continue;
    resumable.keep_if_due(work.progress.seconds() - begun);
    show(double(replay.simulation.step()) / double(scenario.steps));
  }
  replay.simulation.finish();
  const RunResult result =
      result_of(replay.simulation, scenario_tables(), status_of(replay.simulation),
                {resumable.seconds_before() + work.progress.seconds() - begun, 1});
  return MadeRun{files_of(result), pointers_of(result.unused)};
}

Attempt try_point(const SweepWork& work, const Point& point, JobMemory& memory,
                  const ShowShare& show) {
  try {
    return {replay_point(work, point, memory, show), {}};
  } catch (const BrokenPromise& error) {
    return {std::nullopt, error.issues(), true};
  } catch (const InputError& error) {
    return {std::nullopt, error.issues()};
  } catch (const std::bad_alloc&) {
    // Kept like any failure: one run that is too large must not end the others.
    return {std::nullopt, {{"", "out of memory", "use fewer --jobs"}}};
  } catch (const std::exception& error) {
    return {std::nullopt,
            {{"", std::string("internal error: ") + error.what(),
              "please report this with the scenario"}}};
  }
}

void count(SweepWork& work, std::size_t job, std::size_t SweepOutcome::*kind) {
  {
    const std::lock_guard lock(work.mutex);
    ++(work.outcome.*kind);
    work.under_way[job] = 0;
  }
  if (work.options.ended) work.options.ended();
}

void keep_failure(SweepWork& work, std::size_t job, const Point& point, const Issues& issues) {
  write_failure(work.directory, point, issues);
  count(work, job, &SweepOutcome::failed);
}

void keep_run(SweepWork& work, std::size_t job, const Point& point, const MadeRun& made) {
  const fs::path place = run_directory(work.directory, point.id);
  // Whole and by rename: a run that is killed here counts as missing.
  write_run(place, made.files, fs::exists(place));  // where it failed before, or was damaged
  KeptSnapshots(place, {}).remove();
  {
    const std::lock_guard lock(work.mutex);
    for (const std::string& pointer : made.unused) ++work.outcome.unused[pointer];
  }
  count(work, job, &SweepOutcome::made);
}

// From the copy of the process in which it was made.
std::string answer_text(const Attempt& attempt) {
  Json json = {{"issues", issues_json(attempt.issues)}, {"broken_promise", attempt.broken_promise}};
  if (attempt.made) {
    const RunFiles& files = attempt.made->files;
    json["files"] = {files.run_json, files.metrics_csv, files.gathers_csv, files.digests_csv,
                     files.id};
    json["unused"] = attempt.made->unused;
  }
  return json.dump();
}

Attempt attempt_of(const std::string& text) {
  const Json json = Json::parse(text);
  Attempt attempt{std::nullopt, issues_from(json.at("issues")),
                  json.at("broken_promise").get<bool>()};
  if (!json.contains("files")) return attempt;
  const auto file = [&](std::size_t i) { return json["files"].at(i).get<std::string>(); };
  attempt.made = MadeRun{{file(0), file(1), file(2), file(3), file(4)},
                         json["unused"].get<std::vector<std::string>>()};
  return attempt;
}

void keep_attempt(SweepWork& work, std::size_t job, const Point& point, const Attempt& attempt) {
  if (!attempt.issues.empty()) keep_failure(work, job, point, attempt.issues);
  if (attempt.made) keep_run(work, job, point, *attempt.made);
  if (!attempt.broken_promise) return;
  const std::lock_guard lock(work.mutex);
  work.outcome.broken_promise = true;
}

void run_job(SweepWork& work, std::size_t job) {
  JobMemory memory = work.memories.take();
  const ShowShare show = [&](double share) { show_job(work, job, share); };
  // The files of a run go to the disk while the next run is made: to wait for a disk may take
  // longer than a short run.
  std::future<void> keeping;
  const auto wait_for_disk = [&] {
    if (keeping.valid()) keeping.get();
  };
  try {
    while (!stopped(work)) {
      // A free job takes the next run: none waits for a slow run of another.
      const std::size_t i = work.next++;
      if (i >= work.runs.size()) break;
      const Point& point = *work.runs[i];
      Attempt attempt = try_point(work, point, memory, show);
      wait_for_disk();
      keeping = std::async(std::launch::async, [&work, job, &point, made = std::move(attempt)] {
        keep_attempt(work, job, point, made);
        show_job(work, job, 0);
      });
    }
    wait_for_disk();
  } catch (...) {
    // Only a directory that cannot be written gets here: no later run could be kept either.
    const std::lock_guard lock(work.mutex);
    work.reason = std::current_exception();
    work.broken = true;
  }
  work.memories.give(std::move(memory));
}

void run_on_threads(SweepWork& work, std::size_t jobs) {
  std::vector<std::thread> threads;
  // One job is this thread's own.
  for (std::size_t job = 1; job < jobs; ++job)
    threads.emplace_back([&work, job] { run_job(work, job); });
  run_job(work, 0);
  for (std::thread& thread : threads) thread.join();
}

// A run in a copy of this process.
struct RunApart {
  const Point* point;
  ChildProcess process;
};

std::unique_ptr<RunApart> begin_apart(const SweepWork& work, const Point& point) {
  return std::make_unique<RunApart>(RunApart{&point, ChildProcess([&](const ShowShare& show) {
                                               JobMemory memory;
                                               return answer_text(
                                                   try_point(work, point, memory, show));
                                             })});
}

Attempt attempt_of(ChildProcess& process) {
  try {
    return attempt_of(process.answer());
  } catch (const BrokenPromise& error) {
    return {std::nullopt, error.issues(), true};
  }
}

// With plugins, each run has a copy of the process: it begins with plugins that were never called,
// and one that ends the process ends this run alone. All copies are made by this one thread.
void run_in_copies(SweepWork& work, std::size_t jobs) {
  std::vector<std::unique_ptr<RunApart>> running(jobs);
  while (!stopped(work)) {
    std::vector<ChildProcess*> processes;
    std::vector<std::size_t> places;
    for (std::size_t job = 0; job < jobs; ++job) {
      if (!running[job] && work.next < work.runs.size())
        running[job] = begin_apart(work, *work.runs[work.next++]);
      if (!running[job]) continue;
      show_job(work, job, running[job]->process.share());
      processes.push_back(&running[job]->process);
      places.push_back(job);
    }
    if (processes.empty()) return;
    for (const std::size_t i : answered(processes)) {
      RunApart& run = *running[places[i]];
      keep_attempt(work, places[i], *run.point, attempt_of(run.process));
      show_job(work, places[i], 0);
      running[places[i]].reset();
    }
  }
  // Not all of them notice it themselves: what came to one process only is no signal for its
  // copies.
  for (const auto& run : running)
    if (run) run->process.end();
}

}  // namespace

JobMemory JobMemories::take() {
  const std::lock_guard lock(mutex_);
  if (idle_.empty()) return {};
  JobMemory memory = std::move(idle_.back());
  idle_.pop_back();
  return memory;
}

void JobMemories::give(JobMemory memory) {
  const std::lock_guard lock(mutex_);
  idle_.push_back(std::move(memory));
}

SweepOutcome run_sweep(const Sweep& sweep, const Plan& plan, const fs::path& directory,
                       const SweepJobs& options) {
  JobMemories memories;
  return run_points(sweep, runs_of(options.slice, distinct_runs(plan)), directory, options,
                    memories);
}

SweepOutcome run_points(const Sweep& sweep, const std::vector<const Point*>& points,
                        const fs::path& directory, const SweepJobs& options,
                        JobMemories& memories) {
  std::vector<const Point*> runs;
  for (const Point* point : points)
    if (state_of_run(directory, point->id) != RunState::done) runs.push_back(point);
  const auto jobs =
      std::min(static_cast<std::size_t>(options.jobs), std::max<std::size_t>(1, runs.size()));
  SweepWork work{sweep,
                 directory,
                 options,
                 memories,
                 runs,
                 Progress(sweep.name, static_cast<std::int64_t>(runs.size()), options.quiet, "run"),
                 std::vector<double>(jobs)};
  work.outcome.found = points.size() - runs.size();
  if (any_plugin_loaded())
    run_in_copies(work, jobs);
  else
    run_on_threads(work, jobs);
  if (work.reason) std::rethrow_exception(work.reason);
  // Whatever stopped it: a run that was neither made nor failed is one that was not finished.
  work.outcome.interrupted = work.outcome.made + work.outcome.failed < runs.size();
  return work.outcome;
}

}  // namespace byzsim
