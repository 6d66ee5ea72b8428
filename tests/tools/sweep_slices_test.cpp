// Sweeps beyond one process: slices that launchers name, and jobs of Slurm.
#include "tests/tools/sweep_scenarios.h"
#include "tests/tools/text_matchers.h"

namespace byzsim::process::sweep_slices_test {
namespace {

// Which slice of which "auto" means in this environment.
std::string automatic(Environment environment) {
  for (const char* name : {"SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP",
                           "SLURM_ARRAY_TASK_COUNT", "SLURM_PROCID", "SLURM_NTASKS",
                           "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"})
    environment.try_emplace(name, "");  // not those under which the tests run
  const Outcome outcome = Sandbox().byzsim({"sweep", "run", "-", "--slice", "auto"},
                                           tiny_sweep(kEightRuns), environment);
  if (outcome.exit_code != 0) return outcome.err;
  const std::size_t begin = outcome.out.find("slice ") + 6;
  return outcome.out.substr(begin, outcome.out.find(' ', begin) - begin);
}

}  // namespace

TEST_CASE("option --slice auto reads the task of a Slurm array, wherever the array begins") {
  CHECK(automatic({{"SLURM_ARRAY_TASK_ID", "0"}, {"SLURM_ARRAY_TASK_COUNT", "4"}}) == "1/4");
  CHECK(automatic({{"SLURM_ARRAY_TASK_ID", "12"},
                   {"SLURM_ARRAY_TASK_MIN", "10"},
                   {"SLURM_ARRAY_TASK_COUNT", "4"}}) == "3/4");
  CHECK(automatic({{"SLURM_ARRAY_TASK_ID", "14"},
                   {"SLURM_ARRAY_TASK_MIN", "10"},
                   {"SLURM_ARRAY_TASK_STEP", "2"},
                   {"SLURM_ARRAY_TASK_COUNT", "3"}}) == "3/3");
}

TEST_CASE("option --slice auto reads the rank of Open MPI and of srun") {
  CHECK(automatic({{"OMPI_COMM_WORLD_RANK", "1"}, {"OMPI_COMM_WORLD_SIZE", "3"}}) == "2/3");
  CHECK(automatic({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "2"}}) == "1/2");
  CHECK(automatic({{"SLURM_PROCID", "0"},
                   {"SLURM_NTASKS", "1"},
                   {"OMPI_COMM_WORLD_RANK", "2"},
                   {"OMPI_COMM_WORLD_SIZE", "3"}}) == "3/3");
}

TEST_CASE("processes within the tasks of an array have slices of their own") {
  CHECK(automatic({{"SLURM_ARRAY_TASK_ID", "1"},
                   {"SLURM_ARRAY_TASK_MIN", "0"},
                   {"SLURM_ARRAY_TASK_COUNT", "2"},
                   {"SLURM_PROCID", "1"},
                   {"SLURM_NTASKS", "3"}}) == "5/6");
}

TEST_CASE("option --slice auto is refused where nothing names a slice") {
  CHECK_THAT(automatic({}), contains("--slice auto: neither a Slurm array") &&
                                contains("give the slice: --slice 1/8"));
  CHECK_THAT(automatic({{"SLURM_ARRAY_TASK_ID", "one"}, {"SLURM_ARRAY_TASK_COUNT", "4"}}),
             contains("SLURM_ARRAY_TASK_ID is not a whole number: \"one\""));
  CHECK_THAT(automatic({{"SLURM_ARRAY_TASK_ID", "4"}, {"SLURM_ARRAY_TASK_COUNT", "4"}}),
             contains("there is no slice 5 of 4"));
}

TEST_CASE("submit --slurm writes an array of many runs a task and a merge behind it") {
  const Sandbox sandbox;
  const Outcome outcome = sandbox.byzsim(
      {"sweep", "submit", "-", "--out", "it's", "--slurm", "--tasks", "3", "--cores", "2"},
      tiny_sweep(kEightRuns));
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, StartsWith("study: 8 runs in 3 tasks of 2 cores\n"));
  const std::string runs = sandbox.read("it's/slurm-runs.sh");
  CHECK_THAT(runs, StartsWith("#!/bin/sh\n#SBATCH --job-name=\"study\"\n"));
  CHECK_THAT(runs, contains("#SBATCH --array=1-3\n") && contains("#SBATCH --cpus-per-task=2\n"));
  CHECK_THAT(runs, contains("/it'\\''s' --slice auto --jobs 2\n"));
  CHECK_THAT(sandbox.read("it's/slurm-submit.sh"),
             contains("--dependency=\"afterany:${runs%%;*}\""));
  for (const char* script : {"runs", "merge", "submit"})
    CHECK(sandbox.run({"sh", "-n", "it's/slurm-" + std::string(script) + ".sh"}).exit_code == 0);
}

TEST_CASE("submit --slurm refuses a path that sbatch would read as another one") {
  for (const std::string folder : {"50%", "a\"b", "a\\b"}) {
    const Outcome outcome = Sandbox().byzsim({"sweep", "submit", "-", "--out", folder, "--slurm"},
                                             tiny_sweep(kEightRuns));
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, contains(folder + ": Slurm cannot be given a quote, a backslash"));
  }
}

TEST_CASE("the scripts of submit do the work, whoever plays Slurm") {
  const Sandbox sandbox;
  // An sbatch that runs the tasks of an array one after the other and tells a number.
  sandbox.write("bin/sbatch",
                "#!/bin/sh\nfor script; do :; done\n"
                "if grep -q array \"$script\"; then\n"
                "  for task in 1 2; do SLURM_ARRAY_TASK_ID=$task SLURM_ARRAY_TASK_MIN=1 "
                "SLURM_ARRAY_TASK_COUNT=2 sh \"$script\" >&2; done\n"
                "else sh \"$script\" >&2; fi\necho 7\n");
  fs::permissions(sandbox.path() / "bin/sbatch", fs::perms::owner_all);
  const std::string path = (sandbox.path() / "bin").string() + ":" + getenv("PATH");
  const Outcome outcome =
      sandbox.byzsim({"sweep", "submit", "-", "--out", "there", "--slurm", "--tasks", "2", "--now"},
                     tiny_sweep(kEightRuns), {{"PATH", path}});
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, contains("submitted: runs as job 7, merge as job 7\n"));
  CHECK(sandbox.holds("there/summary.csv"));
}

TEST_CASE("submit without --slurm and submit without a working sbatch are refused") {
  CHECK_THAT(Sandbox().byzsim({"sweep", "submit", "-"}, kTinyScenario).err,
             contains("error: byzsim sweep submit: missing option --slurm; "));
  const Sandbox sandbox;
  sandbox.write("bin/sbatch", "#!/bin/sh\necho no partition >&2\nexit 1\n");
  fs::permissions(sandbox.path() / "bin/sbatch", fs::perms::owner_all);
  const std::string path = (sandbox.path() / "bin").string() + ":" + getenv("PATH");
  const Outcome outcome =
      sandbox.byzsim({"sweep", "submit", "-", "--out", "there", "--slurm", "--now"}, kTinyScenario,
                     {{"PATH", path}});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, contains("no partition\n") && contains("cannot submit: "));
}

}  // namespace byzsim::process::sweep_slices_test
