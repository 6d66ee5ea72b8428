// Everything that a scenario may name: the tables of all floors, plugins among them.
#pragma once

#include "sim/scenario/scenario_tables.h"

namespace byzsim {

/// As they are now: a plugin that is loaded later is not among them. Hands the tables of upper
/// floors (protocols, attacks, schedulers, metrics) to sim/scenario.
ScenarioTables scenario_tables();

}  // namespace byzsim
