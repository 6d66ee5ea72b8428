// A sweep as jobs of Slurm: an array of tasks with many runs each, and a merge behind it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace byzsim {

/// How the runs are shared out.
struct SlurmJobs {
  std::string name;                 ///< of the jobs
  std::filesystem::path program;    ///< byzsim, absolute
  std::filesystem::path directory;  ///< of the sweep, absolute
  std::filesystem::path folder;     ///< the working directory, absolute
  std::int64_t tasks = 1;           ///< of the array; each takes its slice
  std::int64_t cores = 1;           ///< of a task, as many as it makes runs at a time
};

/// The text of the array's script; the task finds its slice by itself. InputError, here and in the
/// next, for a path that sbatch would read as another one.
std::string slurm_runs_script(const SlurmJobs& jobs);
/// The text of the script that merges.
std::string slurm_merge_script(const SlurmJobs& jobs);
/// The text of the script that submits both, the merge behind the runs.
std::string slurm_submit_script(const SlurmJobs& jobs);

}  // namespace byzsim
