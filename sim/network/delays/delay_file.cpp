#include "sim/network/delays/delay_file.h"

#include <fmt/format.h>

#include <bit>
#include <cctype>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>

#include "core/check.h"
#include "core/datasets/gzip_file.h"
#include "core/exact/digest.h"
#include "core/input/issue.h"
#include "core/input/units.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kListed = 10;
constexpr const char* kFormat = "write each line as `delay`, or each as `probability,delay`";

using Problem = std::optional<std::string>;
using Row = std::vector<double>;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

std::optional<double> number_of(std::string_view field) {
  double number = 0;
  const char* end = field.data() + field.size();
  const auto [stop, error] = std::from_chars(field.data(), end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

// The numbers of a line; nothing when a field is none.
std::optional<Row> row_of(std::string_view line) {
  Row row;
  for (std::size_t begin = 0; begin <= line.size();) {
    const std::size_t end = std::min(line.find(',', begin), line.size());
    const auto number = number_of(trimmed(line.substr(begin, end - begin)));
    if (!number) return std::nullopt;
    row.push_back(*number);
    begin = end + 1;
  }
  return row;
}

// Names of columns, quoted or not; a first line of anything else is no header but a mistake.
bool is_header(std::string_view line) {
  const std::size_t first = line.find_first_not_of('"');
  return first < line.size() && std::isalpha(static_cast<unsigned char>(line[first]));
}

// Adds the row, whose last field is a delay, or says what is wrong with it first.
Problem add_row(const Row& row, std::size_t columns, std::int64_t unit_ns, DelayTable& table) {
  if (row.size() != columns || columns > 2)
    return fmt::format("has {} fields{}", row.size(),
                       columns > 2 ? "" : fmt::format(", and the first one {}", columns));
  const double span = row.back() * static_cast<double>(unit_ns);
  // The negation also refuses NaN, which from_chars reads as a number.
  if (!(span >= 0 && span <= static_cast<double>(kLongestDuration)))
    return fmt::format("{} must be a delay in [0, {}]", row.back(),
                       format_duration(kLongestDuration));
  if (columns == 2) {
    if (!(row[0] >= 0 && row[0] <= 1))
      return fmt::format("{} must be a probability in [0, 1]", row[0]);
    if (!table.spans.empty() && row[0] <= table.probabilities.back())
      return fmt::format("probabilities out of order: {} after {}", row[0],
                         table.probabilities.back());
    if (!table.spans.empty() && span < table.spans.back())
      return "has a delay below that of a smaller probability";
    table.probabilities.push_back(row[0]);
  }
  table.spans.push_back(span);
  return std::nullopt;
}

}  // namespace

std::string find_delay_file(const std::string& given, const std::string& data_root) {
  std::error_code error;
  if (fs::exists(given, error)) return given;
  const fs::path below = fs::path(data_root) / given;
  if (!data_root.empty() && fs::exists(below, error)) return below.string();
  throw InputError({given, "no such file",
                    "give a path, or the name of a file in the folder of the environment variable "
                    "BYZSIM_DATA"});
}

DelayTable read_delay_file(const std::string& path, std::int64_t unit_ns) {
  std::string text = read_text(path);
  if (text.starts_with("\xef\xbb\xbf")) text.erase(0, 3);  // a mark that some editors begin with
  DelayTable table;
  Issues issues;
  std::size_t columns = 0, number = 0;
  for (std::size_t begin = 0; begin < text.size() && issues.size() < kListed;) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = trimmed(std::string_view(text).substr(begin, end - begin));
    begin = end + 1;
    ++number;
    if (line.empty()) continue;
    const std::optional<Row> row = row_of(line);
    if (!row && number == 1 && is_header(line)) continue;
    // The first row decides: samples and quantiles cannot be mixed.
    if (row && columns == 0) columns = row->size();
    const Problem problem =
        row ? add_row(*row, columns, unit_ns, table)
            : fmt::format("\"{}\" has a field that is not a number", line.substr(0, 30));
    if (problem) issues.push_back({fmt::format("{}:{}", path, number), *problem, kFormat});
  }
  throw_if_any(issues);
  if (table.spans.size() < (columns == 2 ? 2 : 1))
    throw InputError(
        {path, "has too few delays: at least one sample or two quantiles are needed", kFormat});
  return table;
}

std::uint64_t digest_of(const DelayTable& table) {
  BYZ_CHECK(table.probabilities.empty() || table.probabilities.size() == table.spans.size(),
            "each quantile of a table has its probability");
  Digest digest;
  for (const auto* column : {&table.probabilities, &table.spans}) {
    // The lengths first: samples must not digest like quantiles of the same numbers.
    digest.add({column->size()});
    for (const double number : *column) digest.add({std::bit_cast<std::uint64_t>(number)});
  }
  return digest.value();
}

}  // namespace byzsim
