#include "adversaries/known_strategies.h"

#include "adversaries/attacks/attack.h"
#include "adversaries/schedulers/scheduler.h"
#include "sim/protocols/protocol.h"
#include "sim/results/expectations.h"

namespace byzsim {

ScenarioTables scenario_tables() {
  ScenarioTables tables{
      attacks().declarations(), schedulers().declarations(), {}, expectation_metric_descriptions()};
  // Copied, so that the scenario's room needs to include no floor above it.
  for (const Protocol& each : protocols())
    tables.protocols.push_back({each.declaration, each.resolve, each.check, each.on_graph,
                                each.one_role, each.draws_workers, each.optimizes_at_server,
                                each.compresses, each.algorithms});
  return tables;
}

}  // namespace byzsim
