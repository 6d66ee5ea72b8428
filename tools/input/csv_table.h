// A table as CSV files hold it: a header and rows of text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace byzsim {

struct CsvTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< as many cells each as there are columns

  std::optional<std::size_t> column(std::string_view name) const;
};

/// RFC 4180: cells may be quoted. Throws InputError naming `source` and the row for a row of
/// another length.
CsvTable parse_csv(std::string_view text, const std::string& source);
/// Cells are quoted where they must be; lines end with "\n".
std::string to_csv(const CsvTable& table);
/// One line of a table.
std::string to_csv_line(const std::vector<std::string>& cells);

/// A cell as a number; nothing for any other text.
std::optional<double> number_in(const std::string& cell);

}  // namespace byzsim
