// Files and directories that appear whole, by rename, or not at all, and are on the disk by then;
// what others put there stays.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace byzsim {

/// Names of files and their bytes; an empty text stands for no file of that name. A name may lead
/// through folders ("models/server-0.npy").
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

/// A directory beside its place into which files are put while the work goes on, until
/// write_directory() makes it part of the whole. Otherwise nothing of it is left in the end.
class BegunDirectory {
 public:
  explicit BegunDirectory(const std::filesystem::path& directory);
  /// The same in a folder of the caller's, whose files outlive it: a later process goes on there.
  BegunDirectory(std::filesystem::path directory, std::filesystem::path folder)
      : directory_(std::move(directory)), path_(std::move(folder)), stays_(true) {}
  ~BegunDirectory();
  BegunDirectory(const BegunDirectory&) = delete;
  BegunDirectory& operator=(const BegunDirectory&) = delete;
  /// Copies all files of another.
  void add_all_of(const BegunDirectory& other) const;
  /// Writes a file, which is on the disk then. Throws InputError.
  void add(const std::string& name, const std::string& text) const;
  /// Where it lies meanwhile; absent before the first file.
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path directory_, path_;
  bool stays_ = false;
};

/// Throws InputError unless files can be made beside `directory`. Called before the work.
void check_writable(const std::filesystem::path& directory);

/// Writes the files to a temporary sibling and renames it to `directory`. With `replace` it trades
/// places with a directory there, of which files by other names are kept. The files of `begun`, a
/// sibling, become part of it; list their names without a text. Throws InputError when it cannot be
/// written, and leaves nothing behind then.
void write_directory(const std::filesystem::path& directory, const NamedTexts& files, bool replace,
                     const BegunDirectory* begun = nullptr);

/// Writes a file that appears, or takes the place of an older one, by rename; what is no plain file
/// (a device, a pipe, a link) is written to in its place. Throws InputError.
void write_whole(const std::filesystem::path& file, const std::string& text);

/// The same of bytes that are made one after the other; where making them throws, nothing changes.
using PutBytes = std::function<void(std::string_view)>;
void write_whole(const std::filesystem::path& file,
                 const std::function<void(const PutBytes&)>& fill);

/// The text of a file. Throws InputError naming it.
std::string read_text(const std::filesystem::path& file);

}  // namespace byzsim
