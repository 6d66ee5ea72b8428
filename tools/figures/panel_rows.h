// The rows of tables that a panel draws, as plot.py selects them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/input/json.h"
#include "tools/input/csv_table.h"

namespace byzsim {

using TableRow = std::vector<std::string>;

/// The names under "table", which may be one or a list; an empty one for what is not a text.
std::vector<std::string> tables_in(const Json& panel);

/// The cell of a column; nothing where the column is not known, or is not a text.
std::optional<std::string> cell_of(const CsvTable& table, const TableRow& row, const Json& column);

/// Whether a row has one of the values wanted in each column that its table has:
/// {column: value or list of values}. Numbers are compared by value.
bool may_match(const CsvTable& table, const TableRow& row, const Json& where);

}  // namespace byzsim
