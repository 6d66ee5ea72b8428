// What must hold across the fields of a scenario: names, counts, node sets, files of delays, and
// the conditions of its protocol.
//
// Every mistake becomes an issue with a JSON pointer and a remedy; all are reported at once.
// Nothing of a scenario that passed is checked again later, except by BYZ_CHECK.
#pragma once

#include <string>

#include "core/input/issue.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// Adds an issue at /name for a name that cannot name a directory.
void check_name(const std::string& name, Issues& issues);

/// The text as a name that can name a directory: what a name must not hold becomes '-', and the
/// rest is kept, up to the longest name.
std::string valid_name(const std::string& text);
/// The name of a scenario made from another: "name-suffix", cut where it would be too long.
std::string name_with(const std::string& name, const std::string& suffix);

/// Adds an issue for a text that names no nodes, and for one that names nodes that the scenario
/// does not have.
void check_named_nodes(const std::string& where, const std::string& nodes, const Scenario& scenario,
                       Issues& issues);

/// Fills in what the protocol derives (quorums left open) and adds an issue for every condition
/// that does not hold. Conditions on counts are skipped where a count could not be read (an issue
/// under /servers, /workers or /protocol is there already).
void resolve_and_check(Scenario& scenario, const ScenarioTables& tables, Issues& issues);

}  // namespace byzsim
