// cells.csv of the atlas.
#include <fmt/format.h>

#include "core/input/issue.h"
#include "core/input/printable.h"
#include "sim/results/whole_files.h"
#include "tools/atlas/atlas.h"
#include "tools/input/csv_table.h"

namespace byzsim {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kAtlasColumns = {"setting",      "rule",
                                                "pre",          "accuracy_without_attack",
                                                "hand_written", "hand_written_accuracy",
                                                "accuracy",     "attack",
                                                "finder",       "evaluations",
                                                "cell",         "exchanged",
                                                "digest",       "digest_version",
                                                "file"};

std::string exact_text(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : "diverged";
}

std::vector<std::string> cells_of_row(const AtlasRow& row) {
  return {row.key.setting,
          row.key.rule,
          row.key.nnm ? "nnm" : "",
          exact_text(row.without_attack),
          row.hand_written,
          exact_text(row.hand_written_value),
          exact_text(row.worst),
          row.attack,
          row.finder,
          std::to_string(row.evaluations),
          row.cell,
          row.exchanged,
          row.digest,
          std::to_string(row.digest_version),
          row.key.file()};
}

AtlasRow row_from(const std::vector<std::string>& cells) {
  AtlasRow row;
  row.key = {cells[0], cells[1], cells[2] == "nnm"};
  row.without_attack = accuracy_of(number_in(cells[3]));
  row.hand_written = cells[4];
  row.hand_written_value = number_in(cells[5]);
  row.worst = number_in(cells[6]);
  row.attack = cells[7];
  row.finder = cells[8];
  row.evaluations = static_cast<std::int64_t>(accuracy_of(number_in(cells[9])));
  row.cell = cells[10];
  row.exchanged = cells[11];
  row.digest = cells[12];
  row.digest_version = static_cast<int>(accuracy_of(number_in(cells[13])));
  return row;
}

// A row that leads elsewhere would be verified by one file and used by another.
void check_names_of_row(const AtlasRow& row, const std::vector<std::string>& cells,
                        const std::string& where) {
  if (!cells[2].empty() && cells[2] != "nnm")
    throw InputError({where, "pre must be empty or nnm, not " + cells[2], "restore the table"});
  for (const std::size_t column : {3, 5, 6}) {
    const auto accuracy = number_in(cells[column]);
    const bool is_accuracy = accuracy && *accuracy >= 0 && *accuracy <= 1;
    if (!is_accuracy && (column == 3 || cells[column] != "diverged"))
      throw InputError({where,
                        fmt::format("{} must be in [0, 1], not {}", kAtlasColumns[column],
                                    printable(cells[column])),
                        "restore the table"});
  }
  if (cells[14] != row.key.file())
    throw InputError(
        {where, "file must be " + row.key.file() + ", not " + cells[14], "restore the table"});
}

}  // namespace

AtlasTable read_cells(const fs::path& atlas) {
  const fs::path file = atlas / "cells.csv";
  AtlasTable table;
  if (!fs::exists(file)) return table;
  const CsvTable csv = parse_csv(read_text(file), file.string());
  if (csv.columns != kAtlasColumns)
    throw InputError({file.string(), "has other columns than those of this version",
                      "delete it, and build the atlas again"});
  for (const auto& cells : csv.rows) {
    AtlasRow row = row_from(cells);
    const AtlasKey key = row.key;
    const std::string where = file.string() + ": " + key.setting + "," + key.rule;
    check_names_of_row(row, cells, where);
    if (!table.emplace(key, std::move(row)).second)
      throw InputError({where, "a second row of " + key.file(), "delete one of them"});
  }
  return table;
}

void write_cells(const fs::path& atlas, const AtlasTable& table) {
  CsvTable csv{kAtlasColumns, {}};
  for (const auto& [key, row] : table) csv.rows.push_back(cells_of_row(row));
  write_whole(atlas / "cells.csv", to_csv(csv));
}

}  // namespace byzsim
