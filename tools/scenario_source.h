// Where a scenario comes from: a file, standard input or a shipped one, with --set applied.
#pragma once

#include <string>
#include <vector>

#include "core/json.h"
#include "sim/scenario.h"

namespace byzsim {

struct ShippedScenario {
  std::string name;
  std::string text;
};

/// The files of scenarios/ as they were when the program was built, by name.
const std::vector<ShippedScenario>& shipped_scenarios();

/// A scenario as the user names it.
struct ScenarioSource {
  std::string name;               ///< a path, "-", or a shipped name
  std::vector<std::string> sets;  ///< "/json/pointer=value", applied in order
};

/// The JSON with every --set applied. Throws InputError.
Json load_scenario_json(const ScenarioSource& source);

/// The scenario, resolved and checked. Throws InputError with all mistakes.
Scenario load_scenario(const ScenarioSource& source);

/// Sets one value; objects on the way are made. The value is JSON, or else a string. Throws
/// InputError for a text that is no "/pointer=value" or a pointer that leads through a non-object.
void apply_set(Json& json, const std::string& set);

/// Where data files lie: $BYZSIM_DATA, or empty.
std::string data_root();

}  // namespace byzsim
