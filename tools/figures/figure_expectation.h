// What must be seen on a figure: statements about its tables, such as "the mean over seeds of the
// worst accuracy of ByzSGD is at least 0.95 times that of plain SGD".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "core/input/words.h"
#include "sim/scenario/expectation.h"
#include "tools/input/csv_table.h"

namespace byzsim {

/// The tables of a figure by name.
using FigureTables = std::map<std::string, CsvTable>;

/// What a measure makes of the values of several runs.
enum class OverRuns { mean, smallest, largest };
template <>
struct Words<OverRuns> {
  static constexpr std::array<const char*, 3> all = {"mean", "smallest", "largest"};
};

/// The first row of a run in which a column reaches a level.
struct LevelReached {
  std::string column;
  double level = 0;
};

/// One number taken from a table: of the rows that `where` selects, each run's value of `metric`
/// `at` its end (its last row), where it is largest or smallest, or in the `first` row in which
/// another column reaches a level; and of the runs' values the mean, the smallest or the largest. A
/// run is the rows of one point; without that column every row is a run.
struct Measure {
  std::string table;
  std::string metric;
  RowAt at = RowAt::end;
  std::optional<LevelReached> first;  ///< instead of `at`
  OverRuns runs = OverRuns::mean;
  std::vector<std::pair<std::string, Json>> where;  ///< column and the value it must have
};

/// `measured` `relation` `times` * (another measure, or 1).
struct FigureExpectation {
  Measure measured;
  Relation relation = Relation::at_least;
  double times = 1;
  std::optional<Measure> against;
};

/// Reads {"of", "metric", "at", "runs", "where", "relation", "value"}; `value` is a number or
/// {"times", "of", "metric", "at", "runs", "where"}, where what is left out is as before it, but
/// for `where`. "of" may be left out when `tables` begins with the one that is meant.
FigureExpectation read_figure_expectation(const Json& json, const std::string& where,
                                          const std::vector<std::string>& tables, Issues& issues);

/// JSON schema (2020-12) of expectations.
Json figure_expectation_schema();

/// Columns that the expectation needs and its tables lack.
Issues missing_columns(const FigureExpectation& expectation, const FigureTables& tables,
                       const std::string& where);

/// The number; nothing when no row is selected or a run's value is undefined. The columns are there
/// (missing_columns).
std::optional<double> value_of(const Measure& measure, const FigureTables& tables);

struct CheckedExpectation {
  std::string sentence;  ///< with the numbers in it
  bool holds = false;    ///< an undefined value bears nothing out
};
CheckedExpectation check(const FigureExpectation& expectation, const FigureTables& tables);

}  // namespace byzsim
