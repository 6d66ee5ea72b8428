#include "tools/input/csv_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "core/input/issue.h"

namespace byzsim {
namespace {

// Takes one cell off the front, and what ended it: ',' , '\n' or nothing at the end of the text.
std::string take_cell(std::string_view& text, char& end) {
  std::string cell;
  const bool quoted = !text.empty() && text.front() == '"';
  std::size_t i = quoted ? 1 : 0;
  for (; i < text.size(); ++i) {
    if (quoted && text[i] == '"') {
      // Two quotes are one of the cell's own (RFC 4180).
      if (i + 1 == text.size() || text[i + 1] != '"') break;
      ++i;
    } else if (!quoted && (text[i] == ',' || text[i] == '\n')) {
      break;
    }
    cell += text[i];
  }
  if (quoted && i < text.size()) ++i;
  // Lines may have come to end as on Windows.
  if (text.substr(i, 2) == "\r\n") ++i;
  if (!quoted && !cell.empty() && cell.back() == '\r' && text.substr(i, 1) == "\n") cell.pop_back();
  // The last line may lack its line feed.
  end = i < text.size() ? text[i] : '\n';
  text.remove_prefix(std::min(text.size(), i + 1));
  return cell;
}

std::vector<std::string> take_line(std::string_view& text) {
  std::vector<std::string> cells;
  char end = ',';
  while (end == ',') cells.push_back(take_cell(text, end));
  return cells;
}

std::string quoted(const std::string& cell) {
  // Only where needed, so that tables stay readable.
  if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
  std::string text = "\"";
  for (const char c : cell) text += c == '"' ? "\"\"" : std::string(1, c);
  return text + "\"";
}

}  // namespace

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

CsvTable parse_csv(std::string_view text, const std::string& source) {
  CsvTable table;
  if (!text.empty()) table.columns = take_line(text);
  while (!text.empty()) {
    table.rows.push_back(take_line(text));
    if (table.rows.back().size() != table.columns.size())
      throw InputError({source,
                        fmt::format("row {} has {} cells, the header {}", table.rows.size(),
                                    table.rows.back().size(), table.columns.size()),
                        "the file is damaged: delete it and make it again"});
  }
  return table;
}

std::string to_csv_line(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) line += (&cell == cells.data() ? "" : ",") + quoted(cell);
  return line + "\n";
}

std::string to_csv(const CsvTable& table) {
  std::string text = to_csv_line(table.columns);
  for (const std::vector<std::string>& row : table.rows) text += to_csv_line(row);
  return text;
}

std::optional<double> number_in(const std::string& cell) {
  double value = 0;
  const char* end = cell.data() + cell.size();
  // from_chars: exact, and the same whatever the locale.
  const auto [rest, error] = std::from_chars(cell.data(), end, value);
  if (error != std::errc() || rest != end) return std::nullopt;
  return value;
}

}  // namespace byzsim
