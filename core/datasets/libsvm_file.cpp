#include "core/datasets/libsvm_file.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "core/datasets/gzip_file.h"
#include "core/parameters.h"

namespace byzsim {
namespace {

constexpr std::size_t kListed = 10;
constexpr std::uint64_t kLargestIndex = 10'000'000;
constexpr const char* kFormat =
    "write each line as `label index:value ...`, or fetch the file again from its source";

using Problem = std::optional<std::string>;

// Blanks include the carriage return of a file from Windows.
std::string_view next_word(std::string_view& line) {
  constexpr std::string_view blanks = " \t\r";
  line.remove_prefix(std::min(line.find_first_not_of(blanks), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(blanks));
  line.remove_prefix(word.size());
  return word;
}

std::string quoted(std::string_view word) {
  constexpr std::size_t most = 30;
  return word.size() <= most ? fmt::format("\"{}\"", word)
                             : fmt::format("\"{}...\"", word.substr(0, most));
}

// The whole word as a finite number, whatever the locale. from_chars knows no plus sign.
std::optional<double> number_of(std::string_view word) {
  if (word.starts_with("+") && !word.starts_with("+-")) word.remove_prefix(1);
  double number = 0;
  const char* end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, number);
  if (error != std::errc() || stop != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

Problem parse_label(std::string_view word, LibsvmRows& rows) {
  const std::optional<double> label = number_of(word);
  if (!label || std::floor(*label) != *label || std::fabs(*label) > kLargestInteger)
    return fmt::format("label {} is not an integer", quoted(word));
  rows.labels.push_back(static_cast<std::int64_t>(*label));
  return std::nullopt;
}

Problem parse_pair(std::string_view word, std::uint64_t previous, LibsvmRows& rows) {
  const std::size_t colon = word.find(':');
  std::uint64_t index = 0;
  const char* end = word.data() + std::min(colon, word.size());
  const auto [stop, error] = std::from_chars(word.data(), end, index);
  if (colon == word.npos || error == std::errc::invalid_argument || stop != end)
    return fmt::format("{} is not index:value", quoted(word));
  if (error == std::errc::result_out_of_range || index > kLargestIndex)
    return fmt::format("index {} is above {}", word.substr(0, std::min(colon, std::size_t{30})),
                       kLargestIndex);
  if (index == 0) return "index 0 is too small: indices count from 1";
  if (index <= previous)
    return fmt::format("index {} comes after index {}: indices ascend", index, previous);
  const std::optional<double> value = number_of(word.substr(colon + 1));
  if (!value || !std::isfinite(static_cast<float>(*value)))
    return fmt::format("value {} of index {} is not a finite number",
                       quoted(word.substr(colon + 1)), index);
  rows.columns.push_back(static_cast<std::uint32_t>(index - 1));
  rows.values.push_back(static_cast<float>(*value));
  rows.features = std::max(rows.features, static_cast<std::size_t>(index));
  return std::nullopt;
}

// Adds the line as a row, or says what is wrong with it first.
Problem parse_row(std::string_view line, LibsvmRows& rows) {
  const std::string_view label = next_word(line);
  if (label.empty()) return "is empty where an example is expected";
  if (const Problem problem = parse_label(label, rows)) return problem;
  const std::size_t begin = rows.columns.size();
  for (std::string_view word = next_word(line); !word.empty(); word = next_word(line)) {
    const std::uint64_t previous = rows.columns.size() == begin ? 0 : rows.columns.back() + 1;
    if (const Problem problem = parse_pair(word, previous, rows)) return problem;
  }
  rows.ends.push_back(rows.columns.size());
  return std::nullopt;
}

}  // namespace

void LineFaults::add(std::size_t line, std::string problem, std::string remedy) {
  if (first_.size() < kListed)
    first_.push_back({fmt::format("{}:{}", path_, line), std::move(problem), std::move(remedy)});
  else
    ++beyond_;
}

Issues LineFaults::issues() const {
  Issues all = first_;
  if (beyond_ > 0)
    all.push_back(
        {path_, fmt::format("has {} further faulty {}", beyond_, beyond_ == 1 ? "line" : "lines"),
         ""});
  return all;
}

LibsvmRows read_libsvm(const std::string& path) {
  const std::string text = read_text(path);
  LibsvmRows rows;
  LineFaults faults(path);
  std::size_t number = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (const Problem problem = parse_row(line, rows)) faults.add(number + 1, *problem, kFormat);
    ++number;
  }
  throw_if_any(faults.issues());
  if (rows.count() == 0) throw InputError({path, "holds no examples", kFetchAgain});
  return rows;
}

}  // namespace byzsim
