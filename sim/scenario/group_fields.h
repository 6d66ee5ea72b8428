// The fields of a scenario that describe its nodes: servers and workers, or nodes that are both.
#pragma once

#include "sim/scenario/scenario.h"

namespace byzsim {

/// How a scenario describes its nodes.
struct Form {
  bool graph = false;       ///< nodes on a graph
  bool all_to_all = false;  ///< nodes that all exchange vectors with each other
  bool groups = false;      ///< servers and workers
};

/// The form of a protocol's scenarios. Where all nodes exchange vectors with each other, earlier
/// versions described servers and workers, which are still read (in_earlier_form).
Form form_of(ScenarioWalk& walk, const Choice& protocol, const ScenarioTables& tables);

/// /servers and /workers.
void describe_servers_and_workers(ScenarioWalk& walk, Scenario& scenario);

/// Of nodes that are servers and workers at once: /nodes, and on a graph /topology and what
/// follows.
void describe_nodes(ScenarioWalk& walk, const Form& form, Scenario& scenario);

/// Their attack, and another one on gradients where they are sent and it is given.
void describe_attack_of_nodes(ScenarioWalk& walk, const Form& form, Scenario& scenario,
                              const ScenarioTables& tables);

}  // namespace byzsim
