#include "sim/results/checksums.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "core/exact/digest.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRunAgain = "run it again, or put the file back as it was";

std::string checksum_line(const std::string& name, const std::string& digest) {
  return fmt::format("XXH3_{}  {}\n", digest, name);
}

// A list that was tampered with must not have files outside of the directory read.
bool stays_within(const fs::path& name) {
  return !name.empty() && name.is_relative() &&
         std::find(name.begin(), name.end(), "..") == name.end();
}

// The names in the list; empty when a line has none or one leads elsewhere.
std::vector<std::string> listed_files(const std::string& list) {
  std::vector<std::string> names;
  std::istringstream lines(list);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t name = line.find("  ");
    if (name == std::string::npos || !stays_within(line.substr(name + 2))) return {};
    names.push_back(line.substr(name + 2));
  }
  return names;
}

std::set<std::string> lines_of_list(const std::string& list) {
  std::set<std::string> found;
  std::istringstream lines(list);
  for (std::string line; std::getline(lines, line);) found.insert(line + "\n");
  return found;
}

Issue altered(const fs::path& file, const std::string& text) {
  return {file.string(), text.empty() ? "is empty" : "was cut or changed since byzsim wrote it",
          kRunAgain};
}

}  // namespace

NamedTexts with_checksums(NamedTexts files, const NamedDigests& others) {
  std::string list;
  for (const auto& [name, text] : files)
    if (!text.empty()) list += checksum_line(name, to_hex(digest_of(text)));
  for (const auto& [name, digest] : others) list += checksum_line(name, digest);
  files.emplace_back(kChecksumsFile, list);
  return files;
}

Issues damage_in(const fs::path& directory) {
  const fs::path file = directory / kChecksumsFile;
  std::error_code error;
  if (!fs::is_regular_file(file, error)) return {{file.string(), "no such file", kRunAgain}};
  const std::string list = read_text(file);
  const std::vector<std::string> names = listed_files(list);
  if (names.empty()) return {altered(file, list)};
  const std::set<std::string> lines = lines_of_list(list);
  Issues damage;
  std::string expected;
  for (const std::string& name : names) {
    const bool there = fs::is_regular_file(directory / name, error);
    const std::string text = there ? read_text(directory / name) : "";
    const std::string line = checksum_line(name, to_hex(digest_of(text)));
    expected += line;
    if (!there)
      damage.push_back({(directory / name).string(), "no such file", kRunAgain});
    else if (!lines.contains(line))
      damage.push_back(altered(directory / name, text));
  }
  // All files agree with a line, but there are other lines, or in another order.
  if (damage.empty() && expected != list) damage.push_back(altered(file, list));
  return damage;
}

}  // namespace byzsim
