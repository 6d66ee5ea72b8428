// The input files that a command has read so far.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/input/input_file.h"

namespace byzsim {

/// Reads files and keeps their digests. A file is read again unless its device, inode, size and
/// times are what they were, and its times lay back long enough then to have shown a change since.
/// Not for several threads at a time.
class InputFiles {
 public:
  /// Throws InputError naming a file that cannot be read, or that changes while it is.
  InputFile read(const std::string& path);

 private:
  struct Known {
    FileState state;
    bool settled;
    InputFile file;
  };
  std::map<std::string, Known> known_;
};

/// Throws InputError where `out`, which a command is about to write, is the file `input` that it
/// reads, by whatever name. Pipes and devices may be both.
void refuse_own_input(const std::filesystem::path& out, const std::filesystem::path& input);

}  // namespace byzsim
