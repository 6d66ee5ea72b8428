#include "tools/figures/draw.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

#include "core/input/issue.h"
#include "sim/results/results.h"
#include "tools/figures/drawing_files.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

std::string python() {
  const char* chosen = std::getenv("BYZSIM_PYTHON");
  // Not the first of $PATH, which may be that of an environment without matplotlib.
  return chosen == nullptr || *chosen == '\0' ? "/usr/bin/python3" : chosen;
}

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

File temporary_file() {
  File file(std::tmpfile(), std::fclose);
  if (!file) throw InputError({"temporary file", "cannot write: no room in /tmp", ""});
  return file;
}

std::string rest_of(std::FILE* file) {
  std::string text;
  std::rewind(file);
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) text += static_cast<char>(c);
  return text;
}

// Runs Python; false when it cannot be started or fails. What it prints goes to `output`, or to
// standard error, or nowhere.
bool run_python(std::vector<std::string> arguments, bool silent, std::FILE* input = nullptr,
                std::FILE* output = nullptr) {
  arguments.insert(arguments.begin(), python());
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  // No shell in between: names of directories are passed as they are.
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (silent) posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  if (input != nullptr) posix_spawn_file_actions_adddup2(&actions, fileno(input), 0);
  // Standard output is byzsim's own: Python's remarks must not get among its results.
  posix_spawn_file_actions_adddup2(&actions, output == nullptr ? 2 : fileno(output), 1);
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

Issues undrawable(const Json& plots) {
  // Files rather than pipes: neither side can block on a full one.
  const File input = temporary_file(), output = temporary_file();
  const std::string text = plots.dump();
  std::fwrite(text.data(), 1, text.size(), input.get());
  // The child reads the file by its own descriptor, past this buffer.
  std::fflush(input.get());
  std::rewind(input.get());
  Json found;
  if (run_python({"-c", plot_script(), "--check"}, false, input.get(), output.get()))
    found = Json::parse(rest_of(output.get()), nullptr, false);
  if (!found.is_array())
    throw InputError({python(), "cannot check the figures", "see Python's messages above"});
  Issues issues;
  for (const Json& each : found)
    issues.push_back({each.at("where").get<std::string>(), each.at("problem").get<std::string>(),
                      each.at("remedy").get<std::string>()});
  return issues;
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
