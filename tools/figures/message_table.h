// A run's timeline as a table: every message that arrived, and what became of it.
#pragma once

#include "sim/scenario/scenario.h"
#include "tools/input/csv_table.h"

namespace byzsim {

/// sender, receiver, phase, step, sent_seconds, arrived_seconds, verdict, value.
std::vector<std::string> message_columns();

/// Runs the scenario. A row a delivered message, in the order of arrival; its value is the first
/// coordinate of its vector. Seconds are simulated. Throws InputError as a run does.
CsvTable message_table(const Scenario& scenario);

}  // namespace byzsim
