// Whether an atlas is what its settings and cases give: every column of its table that can be
// computed again, and which files and rows belong together.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tools/atlas/atlas.h"
#include "tools/run/replay.h"

namespace byzsim {

/// Whether the scenario is the cell but for what an adversary chooses: attacks, scheduler, script.
bool is_of_cell(const Scenario& worst, const Scenario& cell);

/// What differs between a row and its case, run again, a sentence each. Runs the case, the cell
/// without attack and the best hand-written attack. `made` has the data set afterwards. Incomplete
/// when it was interrupted. Throws InputError for a case that cannot be read.
std::vector<std::string> differences_of_cell(const std::filesystem::path& atlas,
                                             const AtlasRow& row,
                                             const std::vector<AtlasSetting>& settings,
                                             MadeBefore& made);

/// Case files that no row leads to, a sentence each, in the order of their names.
std::vector<std::string> files_without_row(const std::filesystem::path& atlas,
                                           const AtlasTable& table);

/// Settings with attacks that some of their cells have yet to be tried with. All cases are there.
std::vector<std::string> unexchanged_settings(const std::filesystem::path& atlas,
                                              const AtlasTable& table);

}  // namespace byzsim
