// Runs the byzsim binary as a user does: in a directory of its own, with text on standard input and
// chosen environment variables. Arguments go straight to the program; no shell reads them.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/places.h"

namespace byzsim::process {

namespace fs = std::filesystem;
using Arguments = std::vector<std::string>;
using Environment = std::map<std::string, std::string>;

/// What a program left behind. A signal that ended it counts as 128 + its number.
struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
};

inline std::string read_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("no file " + file.string());
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

inline void write_file(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) throw std::runtime_error("cannot write " + file.string());
}

/// The environment of this process without what byzsim reads, plus `changes`.
inline std::vector<std::string> environment_with(Environment changes) {
  std::vector<std::string> entries;
  changes.try_emplace("BYZSIM_DATA", "");
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string text = *entry;
    if (!changes.contains(text.substr(0, text.find('=')))) entries.push_back(text);
  }
  for (const auto& [name, value] : changes)
    if (!value.empty()) entries.push_back(name + "=" + value);
  return entries;
}

/// Null-terminated, as the system calls want it; lives as long as `texts`.
inline std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

/// A directory to run programs in; it vanishes with everything in it.
class Sandbox {
 public:
  Sandbox() {
    std::string name = (fs::temp_directory_path() / "byzsim-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    root_ = fs::canonical(name);
    fs::create_directory(path());
  }
  ~Sandbox() {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// The working directory of the programs; holds nothing but what they and the test put there.
  fs::path path() const { return root_ / "work"; }
  void write(const std::string& name, const std::string& text) const {
    write_file(path() / name, text);
  }
  std::string read(const std::string& name) const { return read_file(path() / name); }
  bool holds(const std::string& name) const { return fs::exists(path() / name); }

  /// Starts a program and returns its process id.
  pid_t start(Arguments command, const std::string& input = "",
              const Environment& environment = {}) const {
    write_file(root_ / "stdin", input);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const int write_flags = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_addopen(&actions, 0, (root_ / "stdin").c_str(), O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, (root_ / "stdout").c_str(), write_flags, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, (root_ / "stderr").c_str(), write_flags, 0600);
    posix_spawn_file_actions_addchdir_np(&actions, path().c_str());
    std::vector<std::string> variables = environment_with(environment);
    pid_t pid = 0;
    const int error = posix_spawnp(&pid, command[0].c_str(), &actions, nullptr,
                                   pointers_to(command).data(), pointers_to(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw std::runtime_error("cannot start " + command[0]);
    return pid;
  }

  /// Waits for a program that this sandbox started last.
  Outcome finish(pid_t pid) const {
    int status = 0;
    if (waitpid(pid, &status, 0) != pid) throw std::runtime_error("lost the process");
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return {code, read_file(root_ / "stdout"), read_file(root_ / "stderr")};
  }

  Outcome run(Arguments command, const std::string& input = "",
              const Environment& environment = {}) const {
    return finish(start(std::move(command), input, environment));
  }

  /// The binary under test with these arguments.
  Outcome byzsim(Arguments arguments, const std::string& input = "",
                 const Environment& environment = {}) const {
    arguments.insert(arguments.begin(), byzsim_binary());
    return run(std::move(arguments), input, environment);
  }

 private:
  fs::path root_;
};

}  // namespace byzsim::process
