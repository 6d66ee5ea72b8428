#include "tools/figures/message_table.h"

#include <fmt/format.h>

#include "sim/scenario/node_name.h"
#include "tools/run/replay.h"

namespace byzsim {
namespace {

std::string seconds_text(SimTime time) { return fmt::format("{}", seconds(time)); }

std::string first_value(const Payload& vector) {
  // A request or a vote carries no vector, and a run without numbers blank ones.
  if (!vector.has_values() || vector.dimension() == 0) return "";
  return fmt::format("{}", vector.values().front());
}

}  // namespace

std::vector<std::string> message_columns() {
  return {"sender",       "receiver",        "phase",   "step",
          "sent_seconds", "arrived_seconds", "verdict", "value"};
}

CsvTable message_table(const Scenario& scenario) {
  CsvTable table{message_columns(), {}};
  // Run again each time and kept nowhere: a timeline is a short run.
  Replay replay(scenario, 1);
  while (const auto occurrence = replay.simulation.advance()) {
    if (!occurrence->message()) continue;
    const Message& message = *occurrence->message();
    table.rows.push_back(
        {name_of_node(scenario, message.sender), name_of_node(scenario, occurrence->target),
         to_string(message.phase), fmt::format("{}", message.step),
         seconds_text(occurrence->delivery()->sent), seconds_text(occurrence->time),
         to_string(*occurrence->verdict), first_value(message.vector)});
  }
  replay.simulation.finish();
  return table;
}

}  // namespace byzsim
