// Everything that a scenario may name: the tables of all floors, plugins among them.
#pragma once

#include "sim/scenario/scenario_tables.h"

namespace byzsim {

/// As they are now: a plugin that is loaded later is not among them.
ScenarioTables scenario_tables();

}  // namespace byzsim
