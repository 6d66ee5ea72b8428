// What a branch may do otherwise than its trunk: what decides nothing of the state that it takes
// over.
#pragma once

#include "core/input/issue.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// Adds an issue for every key in which a branch and its trunk differ and must not. Both are
/// resolved.
void check_branch(const Scenario& branch, const ScenarioTables& tables, Issues& issues);

}  // namespace byzsim
