// Exact contraction of one gather over a grid of situations, as a table.
#pragma once

#include <string>
#include <vector>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "tools/input/csv_table.h"

namespace byzsim {

/// Every combination of these; one Byzantine server, quorums of all but one.
struct ContractionGrid {
  std::vector<std::string> values;  ///< where the honest servers stand: "1,2,3,4"
  std::vector<std::string> laws;
  std::vector<std::string> medians;
};

/// Reads {"values", "law", "median"}, a list of texts each, and checks every combination. All
/// mistakes become issues, each once.
ContractionGrid read_contraction_grid(const Json& json, const std::string& where, Issues& issues);

/// JSON schema (2020-12) of such grids.
Json contraction_grid_schema();

/// A row a combination: values, law, median, diameter, low, high, worst_diameter, expected_ratio,
/// fraction, and whether the diameter can be held indefinitely (1 or 0). In the order of values,
/// then laws, then medians. Exact: no sampling.
CsvTable contraction_table(const ContractionGrid& grid);

}  // namespace byzsim
