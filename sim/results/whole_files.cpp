// Written beside the place, synced, renamed, and the folder synced: in this order a crash at any
// moment leaves the old state or the new one.

#include "sim/results/whole_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <string_view>

#include "core/input/issue.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

InputError cannot_write(const fs::path& path, const std::string& reason) {
  return InputError({path.string(), "cannot write: " + reason,
                     "free space there, or choose another directory with --out"});
}

fs::path temporary_beside(const fs::path& path, const char* kind = "tmp") {
  fs::path temporary = path;
  char host[64] = "";  // several machines may write to one folder
  ::gethostname(host, sizeof host - 1);
  temporary += fmt::format(".{}-{}-{}", kind, host, ::getpid());
  return temporary;
}

/// A place that nothing is left of in the end, however that comes, unless it holds what others own.
class Temporary {
 public:
  // Removes what a process of the same number may have left when it was killed.
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

/// A file or a directory while something is done with its descriptor.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags) : number_(::open(path.c_str(), flags, 0666)) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  bool is_open() const { return number_ >= 0; }
  /// Whether all was written; errno says why not.
  bool write(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t written = ::write(number_, text.data(), text.size());
      // A signal is no fault: nothing was written, and it is tried again.
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }
  /// Whether it is on the disk now; what has none (a pipe, some network's folder) counts as there.
  bool sync() const {
    return ::fsync(number_) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS;
  }

 private:
  int number_;
};

using FillBytes = std::function<void(const PutBytes&)>;

// Errors are told of `shown`, where the file is to be in the end.
void write_bytes_of(const fs::path& file, const FillBytes& fill, const fs::path& shown) {
  const Descriptor open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
  const auto check = [&](bool done) {
    if (!done) throw cannot_write(shown, std::strerror(errno));
  };
  check(open.is_open());
  fill([&](std::string_view bytes) { check(open.write(bytes)); });
  check(open.sync());
}

void write_text(const fs::path& file, const std::string& text, const fs::path& shown) {
  write_bytes_of(
      file, [&](const PutBytes& put) { put(text); }, shown);
}

// After a crash of the machine, too, a name is there with all its bytes or not at all.
void sync_directory(const fs::path& directory) {
  const Descriptor open(directory.empty() ? "." : directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (open.is_open()) open.sync();
}

// The same of all folders within, the innermost first.
void sync_folders(const fs::path& directory) {
  for (const auto& entry : fs::directory_iterator(directory))
    if (entry.is_directory()) sync_folders(entry.path());
  sync_directory(directory);
}

void write_within(const fs::path& folder, const std::string& name, const std::string& text,
                  const fs::path& shown) {
  fs::create_directories((folder / name).parent_path());
  write_text(folder / name, text, shown / name);
}

// One step where the system and the file system can; three where they cannot.
void trade_places(const fs::path& one, const fs::path& other) {
#if defined(RENAME_EXCHANGE)
  if (::renameat2(AT_FDCWD, one.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE) == 0) return;
#endif
  // Not in one step: a crash in between leaves the older directory under the name with .old.
  fs::path aside = one;
  aside += ".old";
  fs::rename(other, aside);
  fs::rename(one, other);
  fs::rename(aside, one);
}

// Renames, or copies where the two places are on different file systems.
void move_folder(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error == std::errc::cross_device_link)
    fs::copy(from, to, fs::copy_options::recursive);
  else if (error)
    throw fs::filesystem_error("cannot rename", from, error);
}

// Moves everything but `names` from one directory to the other; `folder` is the part of both that
// is looked through, "" or "models/".
void carry_over(const std::set<std::string>& names, const fs::path& from, const fs::path& to,
                const std::string& folder = "") {
  std::vector<std::string> others, shared;
  for (const auto& entry : fs::directory_iterator(from / folder)) {
    const std::string name = folder + entry.path().filename().string();
    // The first of the names that could lead through it.
    const auto within = names.lower_bound(name + "/");
    if (within != names.end() && within->starts_with(name + "/"))
      shared.push_back(name + "/");
    else if (!names.contains(name))
      others.push_back(name);
  }
  // Only after the listing: what an iterator sees of a folder that changes is open.
  for (const std::string& name : others) {
    fs::create_directories((to / name).parent_path());
    fs::rename(from / name, to / name);
  }
  for (const std::string& name : shared)
    if (fs::is_directory(from / name)) carry_over(names, from, to, name);
}

std::set<std::string> names_in(const NamedTexts& files) {
  std::set<std::string> names;
  for (const auto& [name, text] : files) names.insert(name);
  return names;
}

}  // namespace

void check_writable(const fs::path& directory) {
  std::error_code error;
  fs::path place = fs::exists(directory, error) ? fs::canonical(directory) : directory;
  // The outermost folder that is to be made, so that nothing is left of those within it.
  while (place.has_parent_path() && !fs::exists(place.parent_path(), error))
    place = place.parent_path();
  const Temporary temporary(place);
  fs::create_directories(temporary.path(), error);
  if (error) throw cannot_write(directory, error.message());
}

BegunDirectory::BegunDirectory(const fs::path& directory)
    : directory_(directory),
      // What a link leads to gives way, not the link.
      path_(temporary_beside(fs::exists(directory_) ? fs::canonical(directory_) : directory_,
                             "begun")) {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

BegunDirectory::~BegunDirectory() {
  if (stays_) return;
  // The reason of an earlier failure that is still to be reported stays.
  const int reason = errno;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  errno = reason;
}

void BegunDirectory::add(const std::string& name, const std::string& text) const {
  try {
    write_within(path_, name, text, directory_);
  } catch (const fs::filesystem_error& error) {
    throw cannot_write(directory_ / name, error.code().message());
  }
}

void BegunDirectory::add_all_of(const BegunDirectory& other) const {
  std::error_code error;
  if (!fs::exists(other.path_, error)) return;
  fs::create_directories(path_.parent_path(), error);
  fs::copy(other.path_, path_, fs::copy_options::recursive, error);
  if (error) throw cannot_write(directory_, error.message());
}

void write_directory(const fs::path& directory, const NamedTexts& files, bool replace,
                     const BegunDirectory* begun) {
  // What a link leads to gives way, not the link.
  const fs::path place = fs::exists(directory) ? fs::canonical(directory) : directory;
  const bool there = replace && fs::exists(directory);
  Temporary temporary(place);
  try {
    if (begun != nullptr && fs::exists(begun->path()))
      move_folder(begun->path(), temporary.path());
    else
      fs::create_directories(temporary.path());
    for (const auto& [name, text] : files)
      if (!text.empty()) write_within(temporary.path(), name, text, directory);
    // Before the rename, or the new name might outlive a crash that its contents do not.
    sync_folders(temporary.path());
    if (there) {
      trade_places(temporary.path(), place);
      // From here until they are carried over it must not be removed, whatever fails.
      temporary.holds_others = true;
      carry_over(names_in(files), temporary.path(), place);
      temporary.holds_others = false;
    } else {
      fs::rename(temporary.path(), place);
    }
    sync_directory(place.parent_path());
  } catch (const fs::filesystem_error& error) {
    throw cannot_write(directory, error.code().message());
  }
}

void write_whole(const fs::path& file, const std::string& text) {
  write_whole(file, [&](const PutBytes& put) { put(text); });
}

void write_whole(const fs::path& file, const FillBytes& fill) {
  std::error_code error;
  const fs::file_status there = fs::symlink_status(file, error);
  // A device, a pipe or a link would be replaced by a rename.
  if (fs::exists(there) && !fs::is_regular_file(there)) return write_bytes_of(file, fill, file);
  const Temporary temporary(file);
  write_bytes_of(temporary.path(), fill, file);
  fs::rename(temporary.path(), file, error);
  if (error) throw cannot_write(file, error.message());
  sync_directory(file.parent_path());
}

std::string read_text(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  // A directory opens like a file, and only reading it fails.
  if (!stream || fs::is_directory(file))
    throw InputError(
        {file.string(),
         errno == ENOENT ? "no such file" : std::string("cannot read: ") + std::strerror(errno),
         "check the path"});
  return text.str();
}

}  // namespace byzsim
