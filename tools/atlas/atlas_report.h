// What is printed of an atlas.
#pragma once

#include <string>
#include <vector>

#include "core/input/parameters.h"
#include "tools/atlas/atlas.h"
#include "tools/line/command.h"

namespace byzsim {

/// --atlas DIR.
void offer_atlas(CommandOptions& options, std::string& atlas);

/// The table of a directory that must hold an atlas. Throws InputError.
AtlasTable require_cells(const std::filesystem::path& atlas);

/// How many cells there are, and in how many of them searches did more damage than every
/// hand-written attack, and how much more. Two lines; one of an empty table.
std::string summary_of_atlas(const AtlasTable& table);

/// The name of the rule that is meant, which may be an alias. Throws InputError.
std::string rule_called(const std::string& asked, const std::string& option,
                        const std::vector<Declaration>& among);

/// A rule in the ranking.
struct RankedRule {
  std::string name;
  double mean = 0;   ///< of the accuracies of its worst cases, over the settings
  double least = 0;  ///< of them
  bool is_new = false;
};
/// By mean, the best first; of equals the one that is not new first.
std::vector<RankedRule> ranked(std::vector<RankedRule> rules);

}  // namespace byzsim
