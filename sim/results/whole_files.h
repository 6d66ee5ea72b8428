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

/// Names of files and their bytes; an empty text stands for no file of that name.
using NamedTexts = std::vector<std::pair<std::string, std::string>>;

/// Throws InputError unless files can be made beside `directory`. Called before the work.
void check_writable(const std::filesystem::path& directory);

/// Writes the files to a temporary sibling and renames it to `directory`. With `replace` it trades
/// places with a directory there, of which files by other names are kept. Throws InputError when it
/// cannot be written, and leaves nothing behind then.
void write_directory(const std::filesystem::path& directory, const NamedTexts& files, bool replace);

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
