// A scenario with some of its nodes taken out.
#pragma once

#include "core/input/json.h"
#include "sim/world/node_id.h"

namespace byzsim {

/// Takes out the nodes first ... first + count - 1 of a role. Those behind them move up; wherever
/// the scenario names nodes (script, links, faults, halves, starts) the others are counted anew,
/// and entries of lists that name only what is gone go too. What comes out need not be a scenario
/// that can run: f may be too large for it.
Json without_nodes(Json scenario, Role role, std::int64_t first, std::int64_t count);

}  // namespace byzsim
