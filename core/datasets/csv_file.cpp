// Every mistake names its line and what to do: files come from many programs, and a value that is
// read wrongly would train without a word.

#include "core/datasets/csv_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <string_view>

#include "core/datasets/gzip_file.h"
#include "core/datasets/text_lines.h"

namespace byzsim {
namespace {

using Fields = std::vector<std::string>;

constexpr const char* kRemedy =
    "write each line as `number,number,...`, the label among them, as many on every line";
constexpr const char* kCommas = "separate the fields by commas, and write decimals with a point";
constexpr std::size_t kShownColumns = 10;
constexpr const char* kLabelPointer = "/data/parameters/label";

using MaybeFault = std::optional<RowFault>;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  const std::size_t end = text.find_last_not_of(kBlanks);
  return end == text.npos ? std::string_view() : text.substr(begin, end + 1 - begin);
}

// Takes a field in quotes, whose text is all up to the quote that closes it, from the line. Two
// quotes stand for one.
MaybeFault take_quoted(std::string_view& line, std::string& field) {
  for (std::size_t at = 1; at < line.size(); ++at) {
    if (line[at] != '"') {
      field += line[at];
    } else if (at + 1 < line.size() && line[at + 1] == '"') {
      field += line[at++];
    } else {
      line = trimmed(line.substr(at + 1));
      if (line.empty() || line.front() == ',') return std::nullopt;
      return RowFault{fmt::format("has {} after a quoted field", shown_word(line)), kRemedy};
    }
  }
  return RowFault{"has a quote that is not closed on its line", kRemedy};
}

// The fields of a line, or what is wrong with it.
MaybeFault split(std::string_view line, Fields& fields) {
  fields.clear();
  for (line = trimmed(line);; line = trimmed(line.substr(1))) {
    std::string& field = fields.emplace_back();
    if (line.starts_with('"')) {
      if (MaybeFault fault = take_quoted(line, field)) return fault;
    } else {
      const std::size_t comma = std::min(line.find(','), line.size());
      field = trimmed(line.substr(0, comma));
      line.remove_prefix(comma);
    }
    if (line.empty()) return std::nullopt;
  }
}

// Whether the field, in any case, is one of the words.
bool is_among(std::string field, std::initializer_list<const char*> words) {
  std::transform(field.begin(), field.end(), field.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return std::find(words.begin(), words.end(), field) != words.end();
}

bool is_missing(const std::string& field) {
  return is_among(field, {"", "na", "n/a", "nan", "null", "?"});
}

// Text that names something: not a number, not the mark of a missing one.
bool is_name(const std::string& field) {
  return !is_missing(field) && !is_among(field, {"none", "inf", "-inf", "-"}) &&
         !finite_number(field);
}

bool has_name_over_number(const Fields& first, const Fields& second) {
  for (std::size_t i = 0; i < std::min(first.size(), second.size()); ++i)
    if (is_name(first[i]) && finite_number(second[i])) return true;
  return false;
}

bool has_name_besides(const Fields& fields, std::int64_t label) {
  const auto count = static_cast<std::int64_t>(fields.size());
  for (std::int64_t i = 0; i < count; ++i)
    if (i != label && i != label + count && is_name(fields[static_cast<std::size_t>(i)]))
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
                      fmt::format("{} has no column {}: it has {} columns", path, index, count),
                      fmt::format("use 0 to {}, or -1 for the last", columns - 1)});
  return static_cast<std::size_t>(index < 0 ? index + columns : index);
}

std::string choice_of_column(const std::string& name, const Fields& names) {
  const std::string meant = did_you_mean(name, names);
  if (names.size() > kShownColumns)
    return meant.empty() ? fmt::format("its columns are {} to {}", shown_word(names.front()),
                                       shown_word(names.back()))
                         : meant;
  std::string shown;
  for (const std::string& column : names) shown += (shown.empty() ? "" : ", ") + shown_word(column);
  return fmt::format("{}{}its columns are {}", meant, meant.empty() ? "" : " ", shown);
}

std::size_t label_by_name(const std::string& path, const std::string& name, const Fields& names) {
  if (names.empty())
    throw InputError({kLabelPointer,
                      fmt::format("names the column \"{}\", but {} has no header", name, path),
                      "give the column's index, counted from 0"});
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  throw InputError({kLabelPointer, fmt::format("{} has no column \"{}\"", path, name),
                    choice_of_column(name, names)});
}

bool names_columns(const CsvOptions& options, const Fields& first, Lines lines) {
  // What the user says counts before what the lines look like.
  if (options.header != CsvHeader::find_out) return options.header == CsvHeader::yes;
  if (!options.label_name.empty() &&
      std::find(first.begin(), first.end(), options.label_name) != first.end())
    return true;
  // A single line: only names among its features tell a header from an example.
  if (!lines.next()) return has_name_besides(first, options.label_index);
  Fields second;
  split(lines.line, second);
  return has_name_over_number(first, second);
}

// What is wrong with a first line of a single field.
RowFault separator_fault(std::string_view line) {
  if (line.find(';') != line.npos) return {"looks separated by ';', not by commas", kCommas};
  const std::string problem = "has one field, where an example has a feature and a label";
  if (line.find(':') == line.npos) return {problem, "separate the fields by commas"};
  return {problem,
          "separate the fields by commas, or read LIBSVM's format with the data set libsvm"};
}

// What the first line says of all; the lines go on after a header.
Columns columns_of(const std::string& path, const CsvOptions& options, Lines& lines) {
  Lines ahead = lines;
  if (!ahead.next()) throw InputError({path, "contains no examples", kRemedy});
  const std::string place = fmt::format("{}:{}", path, ahead.number);
  Fields first;
  if (const MaybeFault fault = split(ahead.line, first))
    throw InputError({place, fault->problem, fault->remedy});
  // Most often a file of another format, which is worth more than "has one field".
  if (first.size() == 1) {
    const RowFault fault = separator_fault(ahead.line);
    throw InputError({place, fault.problem, fault.remedy});
  }
  Columns columns{first.size()};
  if (names_columns(options, first, ahead)) {
    columns.names = std::move(first);
    lines = ahead;
  }
  columns.label = options.label_name.empty()
                      ? label_by_index(path, options.label_index, columns.count)
                      : label_by_name(path, options.label_name, columns.names);
  return columns;
}

RowFault missing_value(const std::string& of_what) {
  return {fmt::format("{} is missing", of_what), "remove the line or fill the value in"};
}

// Adds a feature, or says what is wrong with it.
MaybeFault add_value(const std::string& field, const Columns& columns, std::size_t column,
                     std::vector<float>& values) {
  const std::optional<double> number = finite_number(field);
  if (number && std::isfinite(static_cast<float>(*number))) {
    values.push_back(static_cast<float>(*number));
    return std::nullopt;
  }
  // After the number: "nan" is read as one, but is not finite.
  if (is_missing(field)) return missing_value("value of column " + columns.shown(column));
  RowFault fault{fmt::format("value {} of column {} is not a finite number", shown_word(field),
                             columns.shown(column)),
                 kRemedy};
  if (field.find(';') != field.npos)
    fault.remedy = fmt::format("the file looks separated by ';': {}", kCommas);
  return fault;
}

// Adds the fields as a row, or says what is wrong with the first that does not fit.
MaybeFault add_row(Fields& fields, const Columns& columns, CsvRows& rows) {
  if (fields.size() != columns.count)
    return RowFault{
        fmt::format("has {} fields, where the first line has {}", fields.size(), columns.count),
        kRemedy};
  std::string& label = fields[columns.label];
  if (is_missing(label)) return missing_value("label");
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i == columns.label) continue;
    if (MaybeFault fault = add_value(fields[i], columns, i, rows.rows.values)) return fault;
  }
  rows.labels.push_back(std::move(label));
  return std::nullopt;
}

}  // namespace

CsvRows read_csv(const std::string& path, const CsvOptions& options) {
  const std::string bytes = read_text(path);
  // A binary file would give a fault on every line.
  if (bytes.find('\0') != bytes.npos)
    throw InputError({path, "is not text: it contains a zero byte",
                      "give a CSV file; the data set npy reads NumPy's arrays"});
  Lines lines{without_byte_order_mark(bytes)};
  Columns columns = columns_of(path, options, lines);
  CsvRows read{{path, columns.count - 1, {}, {}}, {}, {}};
  RowFaults faults(path);
  for (Fields fields; lines.next();) {
    MaybeFault fault = split(lines.line, fields);
    if (!fault) fault = add_row(fields, columns, read);
    if (fault) faults.add(lines.number, fault->problem, fault->remedy);
    read.rows.lines.push_back(lines.number);
  }
  throw_if_any(faults.issues());
  if (read.labels.empty()) throw InputError({path, "contains no examples", kRemedy});
  read.names = std::move(columns.names);
  return read;
}

}  // namespace byzsim
