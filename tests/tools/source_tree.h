// The source tree as text, for tests that keep its rules.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/places.h"

namespace byzsim::source_tree {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

struct SourceFile {
  std::string path;  // from the root: "core/rules/rule.h"
  std::string text;
};

inline std::string read_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

inline const Lines kRooms = {"core", "sim", "adversaries", "tools", "tests"};
inline std::vector<SourceFile> read_tree() {
  std::vector<SourceFile> files;
  for (const std::string& room : kRooms)
    for (const auto& entry : fs::recursive_directory_iterator(fs::path(source_directory()) / room))
      if (entry.is_regular_file())
        files.push_back({fs::relative(entry.path(), source_directory()).string(), ""});
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  for (SourceFile& file : files) file.text = read_file(fs::path(source_directory()) / file.path);
  return files;
}

inline const std::vector<SourceFile>& tree() {
  static const std::vector<SourceFile> files = read_tree();
  return files;
}

inline bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

inline bool is_code(const std::string& path) {
  return ends_with(path, ".h") || ends_with(path, ".cpp");
}

inline std::string room_of(const std::string& path) { return path.substr(0, path.find('/')); }

inline Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// The code without comments and without what stands in quotes, so that words may be written there.
// Include lines keep their names.
inline std::string code_of(const std::string& text) {
  std::string code;
  for (const std::string& line : lines_of(text)) {
    if (line.rfind("#include", 0) == 0) {
      code += line + "\n";
      continue;
    }
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (!quoted && line.compare(i, 2, "//") == 0) break;
      if (line[i] == '\\' && quoted)
        ++i;
      else if (line[i] == '"' && (i == 0 || (line[i - 1] != '\'' && line[i - 1] != '\\')))
        quoted = !quoted;
      else if (!quoted)
        code += line[i];
    }
    code += '\n';
  }
  return code;
}

inline Lines included_by(const std::string& text) {
  static const std::regex pattern(R"re(^#include\s*[<"]([^>"]+)[>"])re");
  Lines names;
  for (const std::string& line : lines_of(text))
    if (std::smatch match; std::regex_search(line, match, pattern)) names.push_back(match[1]);
  return names;
}

// Matches of a pattern in the code, each with its line number.
inline Lines places_of(const std::regex& pattern, const std::string& text) {
  Lines places;
  const Lines lines = lines_of(code_of(text));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::smatch match;
    if (std::regex_search(lines[i], match, pattern))
      places.push_back(std::to_string(i + 1) + ": " + match.str());
  }
  return places;
}

// What `find` finds in each C++ file that `applies` to, as "path:what".
inline Lines offenders(const std::function<bool(const std::string&)>& applies,
                       const std::function<Lines(const SourceFile&)>& find) {
  Lines found;
  for (const SourceFile& file : tree())
    if (is_code(file.path) && applies(file.path))
      for (const std::string& what : find(file)) found.push_back(file.path + ":" + what);
  return found;
}

inline const Lines kNothing;

}  // namespace byzsim::source_tree
