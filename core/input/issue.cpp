#include "core/input/issue.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "core/input/printable.h"

namespace byzsim {
namespace {

std::string join_lines(const Issues& issues) {
  std::string text;
  for (const Issue& issue : issues) {
    if (!text.empty()) text += '\n';
    text += to_string(issue);
  }
  return text;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Short names differ from many others by one letter: there only a letter too many, one that is
// missing and two in the wrong order are taken for a mistake.
constexpr std::size_t kShortName = 3;

// Edits that make `b` of `a`, but for case: a letter more, less, another one (which counts as
// `replacing`), or two neighbours exchanged (Damerau and Levenshtein, with three rows kept).
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t replacing) {
  std::vector<std::size_t> before, above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  const auto same = [&](std::size_t i, std::size_t j) { return lower(a[i]) == lower(b[j]); };
  for (std::size_t i = 0; i < a.size(); ++i) {
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      row[j + 1] =
          std::min({above[j] + (same(i, j) ? 0 : replacing), row[j] + 1, above[j + 1] + 1});
      if (i > 0 && j > 0 && same(i, j - 1) && same(i - 1, j))
        row[j + 1] = std::min(row[j + 1], before[j - 1] + 1);
    }
    before = std::exchange(above, row);
  }
  return above.back();
}

}  // namespace

std::string to_string(const Issue& issue) {
  std::string text = issue.where.empty() ? issue.problem : issue.where + ": " + issue.problem;
  if (!issue.remedy.empty()) text += "; " + issue.remedy;
  return printable(text);  // a message stays on its line
}

InputError::InputError(Issues issues)
    : std::runtime_error(join_lines(issues)), issues_(std::move(issues)) {}

void throw_if_any(const Issues& issues) {
  if (!issues.empty()) throw InputError(issues);
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& names) {
  if (name.empty()) return "";  // near to every short name
  const std::size_t replacing = name.size() <= kShortName ? 2 : 1;
  std::string nearest;
  // A third of the letters, and at least one, may be wrong.
  std::size_t least = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (const std::string& candidate : names) {
    const std::size_t distance = edit_distance(name, candidate, replacing);
    // Strictly, so that the first of equally near names is suggested.
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& names) {
  const std::string nearest = nearest_name(name, names);
  return nearest.empty() ? "" : fmt::format("did you mean '{}'?", nearest);
}

Issue not_one_of(std::string where, const std::string& word,
                 const std::vector<std::string>& names) {
  return {std::move(where),
          fmt::format("must be one of: {}; found \"{}\"", fmt::join(names, ", "), word),
          did_you_mean(word, names)};
}

std::string choose_from(std::string_view name, const std::vector<std::string>& names) {
  const std::string nearest = nearest_name(name, names);
  const std::string all = fmt::format("one of: {}", fmt::join(names, ", "));
  return nearest.empty() ? all : fmt::format("did you mean '{}'? {}", nearest, all);
}

}  // namespace byzsim
