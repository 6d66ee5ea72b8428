// Runs the byzsim binary as a user does: in a directory of its own, with text on standard input and
// chosen environment variables. Arguments go straight to the program; no shell reads them.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
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

std::string read_file(const fs::path& file);
/// Makes the folders that it needs.
void write_file(const fs::path& file, const std::string& text);

/// A directory to run programs in; it vanishes with everything in it.
class Sandbox {
 public:
  Sandbox();
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  /// The working directory of the programs; holds nothing but what they and the test put there.
  fs::path path() const { return root_ / "work"; }
  void write(const std::string& name, const std::string& text) const;
  std::string read(const std::string& name) const;
  bool holds(const std::string& name) const;

  /// Starts a program and returns its process id.
  pid_t start(Arguments command, const std::string& input = "",
              const Environment& environment = {}) const;
  /// Waits for a program that this sandbox started last.
  Outcome finish(pid_t pid) const;
  Outcome run(Arguments command, const std::string& input = "",
              const Environment& environment = {}) const;
  /// The binary under test with these arguments.
  Outcome byzsim(Arguments arguments, const std::string& input = "",
                 const Environment& environment = {}) const;

 private:
  fs::path root_;
};

}  // namespace byzsim::process
