// Scenarios between JSON and the plain struct, and their schema. Reads no files.
//
// All of it follows the one walk of scenario.h. Reading what was written gives the same scenario,
// and writing that gives the same text.
#pragma once

#include <string>
#include <vector>

#include "core/input/issue.h"
#include "core/input/json.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// Reads, resolves what the protocol leaves open and checks every condition. Throws InputError with
/// all mistakes at once.
Scenario read_scenario(const Json& json, const ScenarioTables& tables);
/// The same, with what the user should know (aliases).
Scenario read_scenario(const Json& json, const ScenarioTables& tables, Notes& notes);

/// Every field in the walk's order: equal scenarios give equal text.
Json write_scenario(const Scenario& scenario, const ScenarioTables& tables);

/// What makes a run what it is: the canonical JSON without name and summary, and the digests of
/// files instead of their paths.
Json scenario_identity(const Scenario& scenario, const ScenarioTables& tables);
/// 16 hex digits over that.
std::string scenario_id(const Scenario& scenario, const ScenarioTables& tables);

/// JSON schema (2020-12) of scenario files.
Json scenario_schema(const ScenarioTables& tables);

}  // namespace byzsim
