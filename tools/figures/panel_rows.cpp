#include "tools/figures/panel_rows.h"

#include <algorithm>

namespace byzsim {

std::vector<std::string> tables_in(const Json& panel) {
  const Json table = panel.value("table", Json());
  std::vector<std::string> names;
  for (const Json& each : table.is_array() ? table : Json::array({table}))
    // The empty name is no table's: what is no text is reported as an unknown table.
    names.push_back(each.is_string() ? each.get<std::string>() : "");
  return names;
}

std::optional<std::string> cell_of(const CsvTable& table, const TableRow& row, const Json& column) {
  const auto place = column.is_string() ? table.column(column.get<std::string>()) : std::nullopt;
  return place ? std::optional(row[*place]) : std::nullopt;
}

bool may_match(const CsvTable& table, const TableRow& row, const Json& where) {
  for (const auto& [column, wanted] : where.items()) {
    const auto cell = cell_of(table, row, column);
    const Json list = wanted.is_array() ? wanted : Json::array({wanted});
    if (cell && std::none_of(list.begin(), list.end(), [&](const Json& each) {
          if (each.is_number()) return number_in(*cell) == each.get<double>();
          return each == *cell;
        }))
      return false;
  }
  return true;
}

}  // namespace byzsim
