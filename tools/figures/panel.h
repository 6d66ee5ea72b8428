// The panels of a figure as plot.py draws them, checked before anything is run.
#pragma once

#include <string>
#include <vector>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "tools/figures/figure_expectation.h"

namespace byzsim {

/// Adds what is wrong with a panel: its kind, keys that its kind has not or needs, its tables.
/// `where` is its JSON pointer, and `tables` are the names of the figure's.
void check_panel(const Json& panel, const std::string& where,
                 const std::vector<std::string>& tables, Issues& issues);

/// JSON schema (2020-12) of panels.
Json panel_schema();

/// Columns that a checked panel names and none of its tables has.
Issues missing_columns(const Json& panel, const std::string& where, const FigureTables& tables);

/// What cannot be drawn of the rows: none that the panel asks for, more series than styles, texts
/// where it needs numbers. Of tables that are not `known`, and of their other columns, nothing is
/// said.
Issues undrawable_rows(const Json& panel, const std::string& where, const FigureTables& known);

}  // namespace byzsim
