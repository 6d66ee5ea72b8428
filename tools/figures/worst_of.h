// Panels of worst cases: "worst_of" names an axis of a sweep, such as an attack. Each cell or point
// then shows the value on that axis that is worst once its seeds are averaged. What it shows is a
// table of its own (worst_cases.h), which expectations may name.
#pragma once

#include <string>
#include <vector>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "tools/figures/figure_expectation.h"

namespace byzsim {

/// Also of what is not a panel: false.
bool shows_worst(const Json& panel);

/// The name of the table of worst cases of a plot's panel: "panel-1" of the first.
std::string worst_table_name(std::size_t panel);

/// The columns that tell the cells of a panel apart, those of "x", "rows" and "series", in this
/// order.
std::vector<std::string> cell_columns(const Json& panel);

/// Keys of a panel that contradict its "worst_of", each with its place.
void check_worst_of(const Json& panel, const std::string& where, Issues& issues);

/// What the columns of its tables do not allow: an axis that they lack, cells by what is not an
/// axis, several rows of a run. `tables` need their columns only.
Issues misplaced_worst(const Json& panel, const std::string& where, const FigureTables& tables);

/// Axes that a cell would average over as if they were seeds, by the rows known before anything is
/// run.
Issues mixed_cells(const Json& panel, const std::string& where, const FigureTables& known);

}  // namespace byzsim
