// What must hold of a script beside the scenario it belongs to: its nodes exist, its forgeries are
// by Byzantine nodes, its steps are within the run, and no decision is made twice.
#pragma once

#include "core/input/issue.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// Adds an issue for nodes that do not exist, forgeries by honest ones, steps beyond the run,
/// two entries for one decision and the like. The lists are as the user wrote them; counts are
/// known to be sound.
void check_script(const Scenario& scenario, Issues& issues);

}  // namespace byzsim
