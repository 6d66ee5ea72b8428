#include "core/input/input_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/exact/digest.h"
#include "core/input/issue.h"

namespace byzsim {
namespace {

constexpr std::size_t kBytesAtOnce = std::size_t{1} << 20;

#if defined(__APPLE__)
const timespec& changed(const struct stat& status) { return status.st_mtimespec; }
const timespec& status_changed(const struct stat& status) { return status.st_ctimespec; }
#else
const timespec& changed(const struct stat& status) { return status.st_mtim; }
const timespec& status_changed(const struct stat& status) { return status.st_ctim; }
#endif

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

[[noreturn]] void fail(const std::string& path, int error) {
  throw InputError({path, "cannot read: " + std::generic_category().message(error),
                    "check the path and its permissions"});
}

/// An open file; closed in the end.
class OpenFile {
 public:
  explicit OpenFile(const std::string& path)
      // O_NONBLOCK: to open a pipe must not wait for its writer.
      : path_(path), number_(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)) {
    if (number_ < 0) fail(path, errno);
  }
  ~OpenFile() { ::close(number_); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  FileState state() const {
    struct stat status {};
    if (::fstat(number_, &status) != 0) fail(path_, errno);
    // What is no plain file is left for its reader to refuse.
    return {static_cast<std::int64_t>(status.st_dev), static_cast<std::int64_t>(status.st_ino),
            S_ISREG(status.st_mode) ? static_cast<std::int64_t>(status.st_size) : -1,
            nanoseconds(changed(status)), nanoseconds(status_changed(status))};
  }
  std::size_t read(std::vector<char>& piece) const {
    const ssize_t got = ::read(number_, piece.data(), piece.size());
    if (got < 0) fail(path_, errno);
    return static_cast<std::size_t>(got);
  }

 private:
  const std::string& path_;
  int number_;
};

}  // namespace

FileState state_of_file(const std::string& path) { return OpenFile(path).state(); }

InputFile read_input_file(const std::string& path) {
  const OpenFile open(path);
  // Compared again at the end: the digest of a file that changes meanwhile would be of no file at
  // all.
  const FileState before = open.state();
  BytesDigest digest;
  std::uint64_t bytes = 0;
  // Nothing of what is no plain file: it may have no end.
  std::vector<char> piece(before.bytes < 0 ? 0 : kBytesAtOnce);
  for (std::size_t got = open.read(piece); got > 0; got = open.read(piece)) {
    digest.add(std::string_view(piece.data(), got));
    bytes += got;
  }
  if (open.state() != before) throw InputError({path, "changed while it was read", "run it again"});
  return {std::filesystem::absolute(path).lexically_normal().string(), to_hex(digest.value()),
          bytes};
}

}  // namespace byzsim
