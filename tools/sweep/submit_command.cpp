// `byzsim sweep submit`: a sweep as jobs of Slurm, in a directory that holds its plan.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#if defined(__APPLE__)
#include <mach-o/dyld.h>
#endif

#include "core/input/issue.h"
#include "sim/results/results.h"
#include "tools/line/command.h"
#include "tools/line/output.h"
#include "tools/sweep/estimate.h"
#include "tools/sweep/open_sweep.h"
#include "tools/sweep/slurm.h"
#include "tools/sweep/sweep_directory.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

constexpr double kSecondsOfTask = 600;
constexpr double kMostTasks = 1000;  // what Slurm takes unless it is told otherwise

// Where this program lies.
fs::path this_program() {
#if defined(__APPLE__)
  std::string path(4096, '\0');
  auto size = static_cast<std::uint32_t>(path.size());
  return _NSGetExecutablePath(path.data(), &size) == 0 ? fs::canonical(path.c_str()) : fs::path();
#else
  return fs::read_symlink("/proc/self/exe");
#endif
}

// Tasks of about ten minutes.
std::int64_t fitting_tasks(const OpenSweep& open, std::int64_t cores) {
  const std::vector<const Point*> left = state_of_sweep(open.directory, open.plan).left();
  const double seconds = estimate_of(open.sweep, open.plan, left).seconds / double(cores);
  const double most = std::min(kMostTasks, double(left.size()));
  return static_cast<std::int64_t>(
      std::clamp(std::ceil(seconds / kSecondsOfTask), 1.0, std::max(1.0, most)));
}

void submit(const fs::path& script) {
  // sbatch writes to the same stream, after what was printed so far.
  std::fflush(result_stream());
  const std::string command = "exec sh \"$BYZSIM_SUBMIT\"";
  ::setenv("BYZSIM_SUBMIT", script.c_str(), 1);  // a path may hold what a shell would read
  if (std::system(command.c_str()) != 0)
    throw InputError({script.string(), "cannot submit: see the messages of sbatch above",
                      "run it where sbatch works"});
}

struct SweepSubmitOptions {
  SweepOptions sweep;
  bool slurm = false;                 // the system to submit to
  bool now = false;                   // submit, not only write the scripts
  std::optional<std::int64_t> tasks;  // of the job array; absent: of about ten minutes each
  std::int64_t cores = 1;             // of a task
};

void offer_sweep_submit(CommandOptions& options, SweepSubmitOptions& own) {
  offer_sweep(options, own.sweep);
  options.flag("--slurm", own.slurm, "Write jobs for Slurm");
  options.integer("--tasks N", {1, 100'000}, own.tasks,
                  "Tasks of the array [default: ten minutes of work each]");
  options.integer("--cores N", {1, 1024}, own.cores,
                  "Cores of a task, and its runs at a time [default: 1]");
  options.flag("--now", own.now, "Submit the scripts, not only write them");
}

int sweep_submit(const SweepSubmitOptions& own, const CommonOptions& common) {
  if (!own.slurm)
    throw InputError(
        {"byzsim sweep submit", "missing option --slurm", "byzsim sweep submit --help shows how"});
  const OpenSweep open = open_sweep(own.sweep, common);
  // Now, while the scenario's files are what the user means: tasks may begin days later.
  prepare_directory(open.directory, open.json, open.plan);
  const std::int64_t cores = own.cores;
  const SlurmJobs jobs{open.sweep.name,
                       this_program(),
                       fs::absolute(open.directory),
                       fs::current_path(),
                       own.tasks ? *own.tasks : fitting_tasks(open, cores),
                       cores};
  const fs::path script = open.directory / "slurm-submit.sh";
  write_whole(open.directory / "slurm-runs.sh", slurm_runs_script(jobs));
  write_whole(open.directory / "slurm-merge.sh", slurm_merge_script(jobs));
  write_whole(script, slurm_submit_script(jobs));
  print_text("{}: {} runs in {} tasks of {} cores\n", open.sweep.name,
             distinct_runs(open.plan).size(), jobs.tasks, jobs.cores);
  if (own.now)
    submit(script);
  else
    print_text("  submit     sh {}\n", script.string());
  print_text("  directory  {}\n", open.directory.string());
  return kDone;
}

}  // namespace

Command sweep_submit_command() {
  return command("submit", "Write or submit a Slurm job array and the merge after it",
                 "  byzsim sweep submit my-sweep.json --slurm --tasks 20\n"
                 "  byzsim sweep submit DIR --slurm --cores 8 --now",
                 offer_sweep_submit, sweep_submit);
}

}  // namespace byzsim
