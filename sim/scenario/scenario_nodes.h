// The part of a scenario's walk that is about its nodes: servers and workers, nodes on a graph, or
// nodes that all exchange vectors with each other.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/scenario.h"

namespace byzsim {

/// How a scenario describes its nodes.
struct Form {
  bool graph = false;       ///< nodes on a graph
  bool all_to_all = false;  ///< nodes that all exchange vectors with each other
  bool groups = false;      ///< servers and workers
};

/// By declarations alone: protocols stand on a floor above. Where all nodes exchanged vectors with
/// each other, servers and workers were described once, which are still read.
Form form_of(ScenarioWalk& walk, const Choice& protocol, const ScenarioTables& tables);

/// Whether every node of the protocol is server and worker at once.
bool has_one_role(const Choice& protocol, const ScenarioTables& tables);

/// A choice that is not written where it is at its default, the first of the table: what is written
/// of earlier scenarios stays.
void describe_later_choice(ScenarioWalk& walk, const std::string& key, const std::string& kind,
                           const std::vector<Declaration>& among, Choice& choice);

/// Of a protocol whose nodes are servers and workers at once, instead of these.
void describe_nodes(ScenarioWalk& walk, const Form& form, Scenario& scenario);
void describe_servers_and_workers(ScenarioWalk& walk, Scenario& scenario);

}  // namespace byzsim
