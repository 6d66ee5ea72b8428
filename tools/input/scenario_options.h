// A scenario as commands take it: SCENARIO, --set and --seed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tools/input/scenario_source.h"
#include "tools/line/command.h"

namespace byzsim {

/// As typed.
struct ScenarioOptions {
  std::string name;
  std::vector<std::string> sets;
  std::optional<std::string> seed;
};
/// SCENARIO, --set /POINTER=VALUE (several) and --seed N.
void offer_scenario(CommandOptions& options, ScenarioOptions& own);
/// --set alone.
void offer_sets(CommandOptions& options, std::vector<std::string>& sets);

/// Where the scenario comes from, with the plugins of the command line. --seed counts after every
/// --set.
ScenarioSource source_of(const ScenarioOptions& own, const CommonOptions& common);

}  // namespace byzsim
