// The table behind a panel with "worst_of": of each cell the runs of the value that is worst.
#pragma once

#include <string>
#include <vector>

#include "core/input/json.h"
#include "tools/figures/figure_expectation.h"

namespace byzsim {

/// What stands for the worst value where all values of the axis are equally bad, as attacks are
/// where no node is Byzantine.
inline constexpr const char* kAnyIsWorst = "any";

/// The columns of cells, the one of "worst_of", seed, step if "at" chooses a row of a curve, the
/// panel's y, diverged, status (as the sweep's summary has it, "stalled" for one), mean and
/// standard_deviation.
std::vector<std::string> worst_case_columns(const Json& panel, const FigureTables& tables);

/// A row for each run of the worst value in each cell, cells in the order of the tables. First the
/// seeds are averaged, row by row where "at" asks for the largest or smallest value of a curve,
/// which is then that of the mean curve; then the worst is taken: the smallest of accuracies, the
/// largest of anything else (is_worse_when_less), the first of equals. As in a search, runs that
/// have diverged or have no value are worse than any others: their mean is empty. A run that
/// stalled counts by the rows that it has, and its status shows it. `mean` is that of the cell, and
/// `standard_deviation` (of n - 1) that over its seeds, empty for a single one; both are repeated
/// in every row of a cell. The columns are there (misplaced_worst).
CsvTable worst_cases(const Json& panel, const FigureTables& tables);

}  // namespace byzsim
