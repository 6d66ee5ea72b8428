// Fills the atlas: searches every cell that is missing, then tries in each setting the attacks that
// were found against the other rules. Both go on where an earlier process ended.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tools/atlas/cell_search.h"

namespace byzsim {

/// What to build. No result depends on `jobs`.
struct AtlasBuild {
  std::filesystem::path atlas;
  std::vector<std::string> settings;  ///< empty: all
  std::vector<std::string> rules;     ///< empty: all that are built in and fast
  std::int64_t evaluations = 48;      ///< of each cell's search
  int jobs = 1;                       ///< cells at a time
  bool quiet = false;
};

struct AtlasBuilt {
  std::size_t found = 0;      ///< cells that were there
  std::size_t made = 0;       ///< cells that were searched
  std::size_t exchanged = 0;  ///< cells whose worst case was found against another rule
  bool interrupted = false;
};

/// Searches and exchanges; every case and row appears whole. Throws InputError for a setting or
/// rule that does not exist, and what a run throws.
AtlasBuilt build_atlas(const AtlasBuild& build);

/// Which cases of a setting: all, or those that are no hand-written attack.
enum class Stored { all, searched };

/// /adversary of cases of a setting in the table, each once, in the order of the cells.
std::vector<Json> adversaries_of(const std::filesystem::path& atlas, const AtlasTable& table,
                                 const std::string& setting, Stored which);

/// What cells keep (AtlasRow::exchanged) once they were tried with all of them.
std::string digest_of_adversaries(const std::vector<Json>& adversaries);

/// A worst case as the row that holds it from now on.
void put_worst(AtlasRow& row, const FoundAttack& worst);

}  // namespace byzsim
