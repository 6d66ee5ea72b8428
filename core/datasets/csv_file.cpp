#include "core/datasets/csv_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <string_view>

#include "core/datasets/gzip_file.h"
#include "core/datasets/text_lines.h"

namespace byzsim {
namespace {

using Fields = std::vector<std::string>;
using Problem = std::optional<std::string>;

constexpr const char* kRemedy =
    "write each line as `number,number,...`, the label among them, as many on every line";
constexpr const char* kLabelPointer = "/data/parameters/label";

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  const std::size_t end = text.find_last_not_of(kBlanks);
  return end == text.npos ? std::string_view() : text.substr(begin, end + 1 - begin);
}

// Takes a field in quotes, whose text is all up to the quote that closes it, from the line. Two
// quotes stand for one.
Problem take_quoted(std::string_view& line, std::string& field) {
  for (std::size_t at = 1; at < line.size(); ++at) {
    if (line[at] != '"') {
      field += line[at];
    } else if (at + 1 < line.size() && line[at + 1] == '"') {
      field += line[at++];
    } else {
      line = trimmed(line.substr(at + 1));
      if (line.empty() || line.front() == ',') return std::nullopt;
      return fmt::format("has {} after a quoted field", shown_word(line));
    }
  }
  return "has a quote that is not closed on its line";
}

// The fields of a line, or what is wrong with it.
Problem split(std::string_view line, Fields& fields) {
  fields.clear();
  for (line = trimmed(line);; line = trimmed(line.substr(1))) {
    std::string& field = fields.emplace_back();
    if (line.starts_with('"')) {
      if (Problem problem = take_quoted(line, field)) return problem;
    } else {
      const std::size_t comma = std::min(line.find(','), line.size());
      field = trimmed(line.substr(0, comma));
      line.remove_prefix(comma);
    }
    if (line.empty()) return std::nullopt;
  }
}

// Text that names something: not a number, not the mark of a missing one.
bool is_name(const std::string& field) {
  std::string lower = field;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const char* missing : {"", "na", "n/a", "nan", "null", "none", "inf", "-inf", "?", "-"})
    if (lower == missing) return false;
  return !finite_number(field);
}

bool looks_like_header(const Fields& first, const Fields& second) {
  for (std::size_t i = 0; i < first.size(); ++i)
    if (is_name(first[i]) && (second.empty() || (i < second.size() && finite_number(second[i]))))
      return true;
  return false;
}

struct Lines {
  std::string_view rest;
  std::string_view line = {};
  std::size_t number = 0;

  /// Goes to the next line that is not blank.
  bool next() {
    while (!rest.empty()) {
      line = next_line(rest);
      ++number;
      if (!trimmed(line).empty()) return true;
    }
    return false;
  }
};

struct Columns {
  std::size_t count = 0;
  std::size_t label = 0;
  Fields names = {};  // empty without a header

  std::string shown(std::size_t column) const {
    return names.empty() ? fmt::format("{} (counted from 0)", column) : shown_word(names[column]);
  }
};

std::size_t label_by_index(const std::string& path, std::int64_t index, std::size_t count) {
  const auto columns = static_cast<std::int64_t>(count);
  if (index < -columns || index >= columns)
    throw InputError({kLabelPointer,
                      fmt::format("{} has no column {}: it has {}", path, index, count),
                      fmt::format("use 0 to {}, or -1 for the last", columns - 1)});
  return static_cast<std::size_t>(index < 0 ? index + columns : index);
}

std::size_t label_by_name(const std::string& path, const std::string& name, const Fields& names) {
  if (names.empty())
    throw InputError({kLabelPointer,
                      fmt::format("names the column \"{}\", but {} has no header", name, path),
                      "give the column's index, counted from 0"});
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  const std::string meant = did_you_mean(name, names);
  throw InputError({kLabelPointer, fmt::format("{} has no column \"{}\"", path, name),
                    meant.empty() ? fmt::format("its columns are {} to {}",
                                                shown_word(names.front()), shown_word(names.back()))
                                  : meant});
}

bool names_columns(CsvHeader header, const Fields& first, Lines lines) {
  if (header != CsvHeader::find_out) return header == CsvHeader::yes;
  Fields second;
  if (lines.next()) split(lines.line, second);
  return looks_like_header(first, second);
}

// What the first line says of all; the lines go on after a header.
Columns columns_of(const std::string& path, const CsvOptions& options, Lines& lines) {
  Lines ahead = lines;
  if (!ahead.next()) throw InputError({path, "contains no examples", kRemedy});
  const std::string place = fmt::format("{}:{}", path, ahead.number);
  Fields first;
  if (const Problem problem = split(ahead.line, first))
    throw InputError({place, *problem, kRemedy});
  if (first.size() == 1)
    throw InputError({place, "has one field, where an example has a feature and a label",
                      ahead.line.find(':') == ahead.line.npos
                          ? "separate the fields by commas"
                          : "separate the fields by commas, or read LIBSVM's format with the data "
                            "set libsvm"});
  Columns columns{first.size()};
  if (names_columns(options.header, first, ahead)) {
    columns.names = std::move(first);
    lines = ahead;
  }
  columns.label = options.label_name.empty()
                      ? label_by_index(path, options.label_index, columns.count)
                      : label_by_name(path, options.label_name, columns.names);
  return columns;
}

// Adds the fields as a row, or says what is wrong with the first that is no number.
Problem add_row(const Fields& fields, const Columns& columns, LabelledRows& rows) {
  if (fields.size() != columns.count)
    return fmt::format("has {} fields, where the first line has {}", fields.size(), columns.count);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::optional<double> number = finite_number(fields[i]);
    if (i == columns.label && !number)
      return fmt::format("label {} is not a finite number", shown_word(fields[i]));
    if (i == columns.label) {
      rows.labels.push_back(*number);
      continue;
    }
    if (!number || !std::isfinite(static_cast<float>(*number)))
      return fmt::format("value {} of column {} is not a finite number", shown_word(fields[i]),
                         columns.shown(i));
    rows.values.push_back(static_cast<float>(*number));
  }
  return std::nullopt;
}

}  // namespace

CsvRows read_csv(const std::string& path, const CsvOptions& options) {
  const std::string bytes = read_text(path);
  if (bytes.find('\0') != bytes.npos)
    throw InputError({path, "is not text: it contains a zero byte",
                      "give a CSV file; the data set npy reads NumPy's arrays"});
  Lines lines{without_byte_order_mark(bytes)};
  Columns columns = columns_of(path, options, lines);
  LabelledRows rows{path, columns.count - 1, {}, {}};
  RowFaults faults(path);
  for (Fields fields; lines.next();) {
    Problem problem = split(lines.line, fields);
    if (!problem) problem = add_row(fields, columns, rows);
    if (problem) faults.add(lines.number, *problem, kRemedy);
    rows.lines.push_back(lines.number);
  }
  throw_if_any(faults.issues());
  if (rows.count() == 0) throw InputError({path, "contains no examples", kRemedy});
  return {std::move(rows), std::move(columns.names)};
}

}  // namespace byzsim
