#include "core/datasets/libsvm_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "core/datasets/gzip_file.h"
#include "core/datasets/text_lines.h"
#include "core/input/parameters.h"

namespace byzsim {
namespace {

// Rows are dense: a stray index would take memory for all below it, in every row.
constexpr std::uint64_t kLargestIndex = 10'000'000;
constexpr const char* kFormat =
    "write each line as `label index:value ...`, or download the file again";

using Problem = std::optional<std::string>;

std::string_view next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
  line.remove_prefix(word.size());
  return word;
}

Problem parse_label(std::string_view word, LibsvmRows& rows) {
  const std::optional<double> label = finite_number(word);
  if (!label || std::floor(*label) != *label || std::fabs(*label) > kLargestInteger)
    return fmt::format("label {} is not an integer", shown_word(word));
  rows.labels.push_back(static_cast<std::int64_t>(*label));
  return std::nullopt;
}

// `least` comes after the index of the pair before.
Problem parse_pair(std::string_view word, std::uint32_t least_index, std::uint64_t least,
                   LibsvmRows& rows) {
  const std::size_t colon = word.find(':');
  std::uint64_t index = 0;
  const char* end = word.data() + std::min(colon, word.size());
  const auto [stop, error] = std::from_chars(word.data(), end, index);
  if (colon == word.npos || error == std::errc::invalid_argument || stop != end)
    return fmt::format("{} is not index:value", shown_word(word));
  // All its digits were read, so that it is an index, and too large.
  if (error == std::errc::result_out_of_range || index > kLargestIndex)
    return fmt::format("index {} is above {}", word.substr(0, std::min(colon, std::size_t{30})),
                       kLargestIndex);
  if (index < least_index) return "index 0 is too small: indices count from 1";
  // Ascending, as the format asks for: a repeated index would have two values.
  if (index < least) return fmt::format("indices out of order: {} after {}", index, least - 1);
  const std::optional<double> value = finite_number(word.substr(colon + 1));
  if (!value || !std::isfinite(static_cast<float>(*value)))
    return fmt::format("value {} of index {} is not a finite number",
                       shown_word(word.substr(colon + 1)), index);
  const auto column = static_cast<std::uint32_t>(index);
  rows.indices.push_back(column);
  rows.values.push_back(static_cast<float>(*value));
  rows.smallest = std::min(rows.smallest, column);
  rows.largest = std::max(rows.largest, column);
  return std::nullopt;
}

// Adds the line as a row, or says what is wrong with it first.
Problem parse_row(std::string_view line, std::uint32_t least_index, LibsvmRows& rows) {
  const std::string_view label = next_word(line);
  if (label.empty()) return "empty line";
  if (const Problem problem = parse_label(label, rows)) return problem;
  const std::size_t begin = rows.indices.size();
  for (std::string_view word = next_word(line); !word.empty(); word = next_word(line)) {
    const std::uint64_t least =
        rows.indices.size() == begin ? 0 : std::uint64_t{rows.indices.back()} + 1;
    if (const Problem problem = parse_pair(word, least_index, least, rows)) return problem;
  }
  rows.ends.push_back(rows.indices.size());
  return std::nullopt;
}

// A table with commas fails at every line; one answer is enough.
void refuse_csv(const std::string& path, std::string_view text) {
  std::string_view line = next_line(text);
  line = line.substr(0, line.find('#'));
  if (line.find(',') != line.npos && line.find(':') == line.npos)
    throw InputError({path + ":1", "separates values by commas: this is CSV, not LIBSVM's format",
                      "read it with the data set csv (\"data\": {\"name\": \"csv\", ...})"});
}

}  // namespace

LibsvmRows read_libsvm(const std::string& path, std::uint32_t least_index) {
  const std::string bytes = read_text(path);
  std::string_view text = without_byte_order_mark(bytes);
  refuse_csv(path, text);
  LibsvmRows rows;
  RowFaults faults(path);
  for (std::uint32_t number = 1; !text.empty(); ++number) {
    const std::string_view line = next_line(text);
    const std::string_view row = line.substr(0, line.find('#'));
    // A comment alone is no example; an empty line is a fault.
    if (row.size() < line.size() && row.find_first_not_of(kBlanks) == row.npos) continue;
    if (const Problem problem = parse_row(row, least_index, rows))
      faults.add(number, *problem, kFormat);
    rows.lines.push_back(number);
  }
  throw_if_any(faults.issues());
  if (rows.count() == 0) throw InputError({path, "contains no examples", kFetchAgain});
  return rows;
}

}  // namespace byzsim
