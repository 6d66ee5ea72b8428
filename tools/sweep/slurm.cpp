#include "tools/sweep/slurm.h"

#include <fmt/format.h>

#include "core/input/issue.h"

namespace byzsim {
namespace {

// A word of the shell, whatever it holds.
std::string shell_word(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
  return word + "'";
}

// sbatch ends, escapes or replaces at these characters, by rules that differ between its versions.
void require_plain(const std::string& text) {
  if (text.find_first_of("\"\\%\n\r") != std::string::npos)
    throw InputError({text,
                      "Slurm cannot be given a quote, a backslash, a percent sign or a line break "
                      "in a name or a path",
                      "choose another name or directory"});
}

// Lines that sbatch reads; what has spaces stands in double quotes there.
std::string directives(const SlurmJobs& jobs, const std::string& log) {
  for (const std::string& text : {jobs.name, jobs.folder.string(), jobs.directory.string()})
    require_plain(text);
  return fmt::format(
      "#SBATCH --job-name=\"{}\"\n#SBATCH --chdir=\"{}\"\n#SBATCH --output=\"{}\"\n"
      "#SBATCH --ntasks=1\n",
      jobs.name, jobs.folder.string(), (jobs.directory / log).string());
}

}  // namespace

// exec: the exit code and the signals of the task are those of byzsim.
std::string slurm_runs_script(const SlurmJobs& jobs) {
  return fmt::format(
      "#!/bin/sh\n{}#SBATCH --cpus-per-task={}\n#SBATCH --array=1-{}\n"
      "# A failed run does not stop the others; the merge reports which are not done.\n"
      "exec {} sweep run {} --slice auto --jobs {}\n",
      directives(jobs, "slurm-runs-%a.log"), jobs.cores, jobs.tasks,
      shell_word(jobs.program.string()), shell_word(jobs.directory.string()), jobs.cores);
}

std::string slurm_merge_script(const SlurmJobs& jobs) {
  return fmt::format("#!/bin/sh\n{}exec {} sweep merge {}\n", directives(jobs, "slurm-merge.log"),
                     shell_word(jobs.program.string()), shell_word(jobs.directory.string()));
}

std::string slurm_submit_script(const SlurmJobs& jobs) {
  return fmt::format(
      "#!/bin/sh\n"
      "# The merge begins when no task is left, however they ended.\n"
      "set -eu\n"
      "runs=$(sbatch --parsable {})\n"
      "merge=$(sbatch --parsable --dependency=\"afterany:${{runs%%;*}}\" {})\n"
      "echo \"submitted: runs as job ${{runs%%;*}}, merge as job ${{merge%%;*}}\"\n",
      shell_word((jobs.directory / "slurm-runs.sh").string()),
      shell_word((jobs.directory / "slurm-merge.sh").string()));
}

}  // namespace byzsim
