// Numbers of a resolved scenario that the keyword auto stands for as well.
#pragma once

#include "core/input/json.h"
#include "sim/scenario/scenario_tables.h"

namespace byzsim {

/// The JSON of a resolved scenario, as run.json holds it, with "auto" for each quorum and each
/// parameter of the protocol that auto resolves to as it stands there: the same scenario, in which
/// these follow what is changed later. As it was where it cannot be read (its plugins are not
/// loaded, or it is no scenario), and for a branch, whose numbers are those of its trunk.
Json with_keywords(const Json& resolved, const ScenarioTables& tables);

}  // namespace byzsim
