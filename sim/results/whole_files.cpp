#include "sim/results/whole_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "core/issue.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

InputError cannot_write(const fs::path& path, const std::string& reason) {
  return InputError({path.string(), "cannot write: " + reason,
                     "free space there, or choose another directory with --out"});
}

fs::path temporary_beside(const fs::path& path) {
  fs::path temporary = path;
  char host[64] = "";  // several machines may write to one folder
  ::gethostname(host, sizeof host - 1);
  temporary += fmt::format(".tmp-{}-{}", host, ::getpid());
  return temporary;
}

/// A place that nothing is left of in the end, however that comes, unless it holds what others own.
class Temporary {
 public:
  explicit Temporary(const fs::path& beside) : path_(temporary_beside(beside)) { remove(); }
  ~Temporary() {
    if (!holds_others) remove();
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  const fs::path& path() const { return path_; }
  bool holds_others = false;

 private:
  void remove() const {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  fs::path path_;
};

// Errors are told of `shown`, where the file is to be in the end.
void write_text(const fs::path& file, const std::string& text, const fs::path& shown) {
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  stream.close();
  if (!stream) throw cannot_write(shown, std::strerror(errno));
}

// One step where the file system can; three where it cannot.
void trade_places(const fs::path& one, const fs::path& other) {
  if (::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0) return;
  fs::path aside = one;
  aside += ".old";
  fs::rename(other, aside);
  fs::rename(one, other);
  fs::rename(aside, one);
}

// Moves what is none of `files` from one directory to the other.
void carry_over(const NamedTexts& files, const fs::path& from, const fs::path& to) {
  std::vector<fs::path> others;
  for (const auto& entry : fs::directory_iterator(from))
    if (std::none_of(files.begin(), files.end(),
                     [&](const auto& file) { return entry.path().filename() == file.first; }))
      others.push_back(entry.path().filename());
  for (const fs::path& name : others) fs::rename(from / name, to / name);
}

}  // namespace

void check_writable(const fs::path& directory) {
  std::error_code error;
  const Temporary temporary(directory);
  fs::create_directories(temporary.path(), error);
  if (error) throw cannot_write(directory, error.message());
}

void write_directory(const fs::path& directory, const NamedTexts& files, bool replace) {
  const bool there = replace && fs::exists(directory);
  const fs::path place = there ? fs::canonical(directory) : directory;  // not the link to it
  Temporary temporary(place);
  try {
    fs::create_directories(temporary.path());
    for (const auto& [name, text] : files)
      if (!text.empty()) write_text(temporary.path() / name, text, directory / name);
    if (there) {
      trade_places(temporary.path(), place);
      temporary.holds_others = true;
      carry_over(files, temporary.path(), place);
      temporary.holds_others = false;
    } else {
      fs::rename(temporary.path(), place);
    }
  } catch (const fs::filesystem_error& error) {
    throw cannot_write(directory, error.code().message());
  }
}

void write_whole(const fs::path& file, const std::string& text) {
  std::error_code error;
  const fs::file_status there = fs::symlink_status(file, error);
  if (fs::exists(there) && !fs::is_regular_file(there)) return write_text(file, text, file);
  const Temporary temporary(file);
  write_text(temporary.path(), text, file);
  fs::rename(temporary.path(), file, error);
  if (error) throw cannot_write(file, error.message());
}

std::string read_text(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream || fs::is_directory(file))
    throw InputError(
        {file.string(),
         errno == ENOENT ? "no such file" : std::string("cannot read: ") + std::strerror(errno),
         "check the path"});
  return text.str();
}

}  // namespace byzsim
