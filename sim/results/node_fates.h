// How far the nodes came that a fault of the scenario names: crashed, cut off or slow ones.
#pragma once

#include "core/input/json.h"
#include "sim/run/simulation.h"

namespace byzsim {

/// One entry for each fault of nodes that began before the run ended and names an honest one:
/// {"fault": its pointer, "nodes": how many honest ones, "first": [{"node", "steps"}, ...]}, the
/// latter for at most ten, with the steps that each has finished.
Json node_fates(const Simulation& simulation);

}  // namespace byzsim
