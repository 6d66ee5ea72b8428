// Files and directories that appear whole, by rename, or not at all, and are on the disk by then;
// what others put there stays.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace byzsim {

/// Names of files and their bytes; an empty text stands for no file of that name. A name may lead
/// through folders ("models/server-0.npy").
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

/// A directory beside its place into which files are put while the work goes on. Nothing of it is
/// left in the end, unless write_directory() has made it part of the whole.
class BegunDirectory {
 public:
  explicit BegunDirectory(std::filesystem::path directory);
  ~BegunDirectory();
  BegunDirectory(const BegunDirectory&) = delete;
  BegunDirectory& operator=(const BegunDirectory&) = delete;
  /// Writes a file, which is on the disk then. Throws InputError.
  void add(const std::string& name, const std::string& text) const;
  /// Where it lies meanwhile; absent before the first file.
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path directory_, path_;
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

/// The text of a file. Throws InputError naming it.
std::string read_text(const std::filesystem::path& file);

}  // namespace byzsim
