// A table as CSV files hold it: a header and rows of text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace byzsim {

/// Cells are text, whatever they hold: number_in reads them.
struct CsvTable {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;  ///< as many cells each as there are columns

  /// The first of that name; nothing where there is none.
  std::optional<std::size_t> column(std::string_view name) const;
};

/// RFC 4180: cells may be quoted. Throws InputError naming `source` and the row for a row of
/// another length.
CsvTable parse_csv(std::string_view text, const std::string& source);
/// Cells are quoted where they must be; lines end with "\n". The same bytes for the same cells,
/// everywhere.
std::string to_csv(const CsvTable& table);
/// One line of a table.
std::string to_csv_line(const std::vector<std::string>& cells);

/// A cell as a number; nothing for any other text. The point is a point in every locale; "inf" and
/// "nan" are numbers, too.
std::optional<double> number_in(const std::string& cell);

}  // namespace byzsim
