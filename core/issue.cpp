#include "core/issue.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

namespace byzsim {
namespace {

// Whatever a user's bytes were, a message stays on its line and leaves the terminal alone.
std::string printable(const std::string& text) {
  std::string shown;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f)
      shown += fmt::format("\\u{:04x}", byte);
    else
      shown += c;
  }
  return shown;
}

std::string join_lines(const Issues& issues) {
  std::string text;
  for (const Issue& issue : issues) {
    if (!text.empty()) text += '\n';
    text += to_string(issue);
  }
  return text;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Levenshtein's distance but for case, with one row of the table kept.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string to_string(const Issue& issue) {
  std::string text = issue.where.empty() ? issue.problem : issue.where + ": " + issue.problem;
  if (!issue.remedy.empty()) text += "; " + issue.remedy;
  return printable(text);
}

InputError::InputError(Issues issues)
    : std::runtime_error(join_lines(issues)), issues_(std::move(issues)) {}

void throw_if_any(const Issues& issues) {
  if (!issues.empty()) throw InputError(issues);
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& names) {
  std::string nearest;
  std::size_t least = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string& candidate : names) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string choose_from(std::string_view name, const std::vector<std::string>& names) {
  const std::string nearest = nearest_name(name, names);
  const std::string all = fmt::format("one of: {}", fmt::join(names, ", "));
  return nearest.empty() ? all : fmt::format("did you mean \"{}\"? {}", nearest, all);
}

}  // namespace byzsim
