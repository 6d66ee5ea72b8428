// A figure as its file describes it: what is run or counted for it, how it is drawn, and what must
// be seen on it. A value; nothing is run and no scenario is read here.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "tools/figures/contraction_table.h"
#include "tools/figures/figure_expectation.h"

namespace byzsim {

/// Things by the name of the table that comes of them.
template <class T>
using ByTable = std::vector<std::pair<std::string, T>>;

struct Figure {
  std::string name;
  std::string summary;
  ByTable<Json> sweeps;  ///< as sweep files; each makes the tables NAME and NAME-curves
  ByTable<ContractionGrid> contractions;
  ByTable<Json> timelines;  ///< scenarios, the messages of which become a table
  Json plot;                ///< what plot.py draws: {"panels", "note", ...}
  std::vector<FigureExpectation> expect;
};

/// Names of all its tables, in the order of its file, at last those of its panels of worst cases;
/// what "of" and "table" may name.
std::vector<std::string> tables_of(const Figure& figure);

/// Adds the tables of its panels of worst cases to those of its runs, which are checked
/// (missing_columns).
void add_worst_cases(const Figure& figure, FigureTables& tables);

/// Adds them without rows, whatever the tables of its runs hold.
void add_worst_case_columns(const Figure& figure, FigureTables& tables);

/// The plot as plot.py draws it: panels of worst cases draw their own tables, all rows of them.
Json drawn_plot(const Figure& figure);

/// Reads {"summary", "sweeps", "contractions", "timelines", "plot", "expect"}. Throws InputError
/// with all mistakes, each with its JSON pointer.
Figure read_figure(const Json& json, const std::string& name);

/// JSON schema (2020-12) of figure files.
Json figure_schema();

/// Columns that panels and expectations name and the tables lack. `tables` holds every table of the
/// figure, even one without rows.
Issues missing_columns(const Figure& figure, const FigureTables& tables);

/// What panels cannot draw of rows that are known before anything is run. Tables that are not
/// `known` are passed over.
Issues undrawable_rows(const Figure& figure, const FigureTables& known);

}  // namespace byzsim
