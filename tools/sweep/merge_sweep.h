// One table of all runs and one of all their rows, the same bytes whichever way they were run.
#pragma once

#include <filesystem>
#include <string>

#include "tools/sweep/sweep.h"

namespace byzsim {

/// Columns of summary.csv beside the axes and the metrics; no axis may be called so.
std::vector<std::string> reserved_columns();

/// Texts of CSV files, a header line included.
struct SweepTables {
  std::string summary;  ///< summary.csv: one row a point, in order, with the last metrics
  std::string curves;   ///< curves.csv: every row of metrics.csv of every finished run
};

/// The tables of a sweep's directory; points without a result have a row in the summary alone.
/// Throws InputError for results of several numeric profiles or versions unless `mixed`. A result
/// that is damaged or of another run is an InputError, too.
SweepTables tables_of(const Plan& plan, const std::filesystem::path& directory, bool mixed);

/// Writes summary.csv and curves.csv, each by rename. Throws InputError as tables_of, before
/// anything is written.
void merge_sweep(const Plan& plan, const std::filesystem::path& directory, bool mixed = false);

}  // namespace byzsim
