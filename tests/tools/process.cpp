#include "tests/tools/process.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace byzsim::process {

std::string read_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("no file " + file.string());
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

void write_file(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) throw std::runtime_error("cannot write " + file.string());
}

namespace {

// The environment of this process without what byzsim reads, plus `changes`.
std::vector<std::string> environment_with(Environment changes) {
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

// Null-terminated, as the system calls want it; lives as long as `texts`.
std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

Sandbox::Sandbox() {
  std::string name = (fs::temp_directory_path() / "byzsim-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  root_ = fs::canonical(name);
  fs::create_directory(path());
}

Sandbox::~Sandbox() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

void Sandbox::write(const std::string& name, const std::string& text) const {
  write_file(path() / name, text);
}

std::string Sandbox::read(const std::string& name) const { return read_file(path() / name); }

bool Sandbox::holds(const std::string& name) const { return fs::exists(path() / name); }

pid_t Sandbox::start(Arguments command, const std::string& input,
                     const Environment& environment) const {
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

Outcome Sandbox::finish(pid_t pid) const {
  int status = 0;
  if (waitpid(pid, &status, 0) != pid) throw std::runtime_error("lost the process");
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code, read_file(root_ / "stdout"), read_file(root_ / "stderr")};
}

Outcome Sandbox::run(Arguments command, const std::string& input,
                     const Environment& environment) const {
  return finish(start(std::move(command), input, environment));
}

Outcome Sandbox::byzsim(Arguments arguments, const std::string& input,
                        const Environment& environment) const {
  arguments.insert(arguments.begin(), byzsim_binary());
  return run(std::move(arguments), input, environment);
}

}  // namespace byzsim::process
