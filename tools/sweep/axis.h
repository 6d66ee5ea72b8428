// Axes of a sweep from their JSON.
#pragma once

#include <string>
#include <vector>

#include "core/input/issue.h"
#include "tools/sweep/sweep.h"

namespace byzsim {

/// {"/json/pointer": value, ...} in the order of the file. Keys that are no JSON pointers become
/// issues and are left out.
std::vector<Change> read_changes(const Json& json, const std::string& where, Issues& issues);

/// The scenario that stands at `where`, with the sweep's own changes made to it. An empty object,
/// and an issue, for what is no object.
Json changed_scenario(const Json& json, const std::string& where,
                      const std::vector<Change>& changes, Issues& issues);

/// {"pointer", "values" or "range"}, {"zip": [...]} or {"variants": {...}}. Scenarios of variants
/// get the seed of the sweep's own, so that variants are compared on the same draws, and its
/// changes `set`. Without positions, and with issues, for what is no axis. `sweep` has its scenario
/// already.
Axis read_axis(const Json& json, const std::string& where, const Sweep& sweep,
               const std::vector<Change>& set, Issues& issues);

}  // namespace byzsim
