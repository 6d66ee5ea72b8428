#include "tools/input/csv_table.h"

#include "core/input/issue.h"
#include "tests/catch.h"

namespace byzsim::csv_table_test {
namespace {

using Cells = std::vector<std::string>;

}  // namespace

TEST_CASE("cells of any text come back from CSV as they were") {
  const CsvTable table{{"a", "b,c", "d\r"}, {{"", "\"", "\r"}, {"x\ny", "\r\n", "z"}}};
  const CsvTable read = parse_csv(to_csv(table), "table");
  CHECK(read.columns == table.columns);
  CHECK(read.rows == table.rows);
}

TEST_CASE("lines of CSV that end as on Windows hold the same cells") {
  const CsvTable read = parse_csv("a,\"b\"\r\n1,2\r\n\"3\",\"4\"\r\n", "table");
  CHECK(read.columns == Cells{"a", "b"});
  CHECK(read.rows == std::vector<Cells>{{"1", "2"}, {"3", "4"}});
}

TEST_CASE("a row of CSV with too few cells is named with its number") {
  try {
    parse_csv("a,b\n1,2\n3\n", "table.csv");
    FAIL("was read");
  } catch (const InputError& error) {
    CHECK(std::string(error.what()) ==
          "table.csv: row 2 has 1 cells, the header 2; the file is damaged: delete it and make it "
          "again");
  }
}

}  // namespace byzsim::csv_table_test
