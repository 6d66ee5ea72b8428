// What a run read from a file: the digest of its bytes, so that a result says what it is about.
#pragma once

#include <cstdint>
#include <string>

namespace byzsim {

/// A file as it was when it was read.
struct InputFile {
  std::string file;    ///< its path, absolute
  std::string digest;  ///< of its bytes as they are stored, 16 hex digits
  std::uint64_t bytes = 0;
  friend bool operator==(const InputFile&, const InputFile&) = default;
};

/// Where a file stands and when it last changed, as the file system tells. Times in nanoseconds
/// since 1970.
struct FileState {
  std::int64_t device = 0, inode = 0, bytes = 0;
  std::int64_t modified = 0, status_changed = 0;
  friend bool operator==(const FileState&, const FileState&) = default;
};

/// Throws InputError naming a file that cannot be opened.
FileState state_of_file(const std::string& path);

/// Throws InputError naming a file that cannot be read, or that changes while it is.
InputFile read_input_file(const std::string& path);

}  // namespace byzsim
