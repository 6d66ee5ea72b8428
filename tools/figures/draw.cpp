#include "tools/figures/draw.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

#include "core/issue.h"
#include "sim/results/results.h"
#include "tools/figures/drawing_files.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

std::string python() {
  const char* chosen = std::getenv("BYZSIM_PYTHON");
  return chosen == nullptr || *chosen == '\0' ? "/usr/bin/python3" : chosen;
}

// Runs Python; false when it cannot be started or fails. What it says goes to standard error, or
// nowhere.
bool run_python(std::vector<std::string> arguments, bool silent) {
  arguments.insert(arguments.begin(), python());
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (silent) posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, 2, 1);
  pid_t child = 0;
  const int error = posix_spawnp(&child, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  int status = 0;
  return error == 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
         WEXITSTATUS(status) == 0;
}

}  // namespace

void require_matplotlib() {
  if (!run_python({"-c", "import matplotlib"}, true))
    throw InputError({python(), "has no matplotlib, which draws the figures",
                      "on Debian: tools/install_packages python3-matplotlib; elsewhere set "
                      "BYZSIM_PYTHON to a Python that has it"});
}

void write_drawing_files(const fs::path& directory) {
  write_whole(directory / "plot.py", plot_script());
  write_whole(directory / "paper.mplstyle", plot_style());
}

void draw_figure(const fs::path& directory, const std::string& name) {
  const fs::path files = directory.parent_path();
  if (!run_python({(files / "plot.py").string(), directory.string(), name,
                   (files / "paper.mplstyle").string()},
                  false))
    throw InputError(
        {(directory / name).string(), "cannot draw the figure", "see Python's messages above"});
}

}  // namespace byzsim
