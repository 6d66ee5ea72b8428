// The reports of the runs of an atlas: a page for each cell, as `byzsim report` draws a run.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tools/atlas/atlas.h"

namespace byzsim {

/// "sgd-iid/mda-nnm.html", below the folder of the reports.
std::string report_file(const AtlasKey& key);

struct CaseReports {
  std::size_t pages = 0;
  std::uintmax_t bytes = 0;
  /// Of the runs from the table, a sentence each; their pages show them, too.
  std::vector<std::string> differences = {};
  bool interrupted = false;  ///< the pages until then are there
};

/// Throws InputError, before anything is written, where a page would take the place of a file that
/// is no page, and for a program without the charts' library.
void check_reports_writable(const AtlasTable& table, const std::filesystem::path& folder);

/// Runs every case and writes its page. The same bytes whenever they are written. Throws
/// InputError.
CaseReports write_reports(const std::filesystem::path& atlas, const AtlasTable& table,
                          const std::filesystem::path& folder, bool quiet);

}  // namespace byzsim
