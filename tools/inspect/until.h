// Where a run stops that goes forward until something happens: "drift > 1", "worker 3 sends",
// "server 1 receives worker 4 gradient".
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tools/inspect/history.h"
#include "tools/inspect/words.h"

namespace byzsim {

/// Whether it has happened in the event that has just been processed.
using Happened = std::function<bool(const Occurrence&, const Simulation&, const AllNotes&)>;

/// Reads a condition up to the end of the line. Throws InputError.
Happened read_condition(LineWords& words, const Scenario& scenario);

/// What can be written, a line each, for help.
std::vector<std::string> condition_forms();

}  // namespace byzsim
