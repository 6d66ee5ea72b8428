// What a reader calls a node: in a protocol on a graph all are nodes, whatever their role.
#pragma once

#include <string>

#include "sim/scenario/scenario.h"

namespace byzsim {

/// "node 3" in a protocol on a graph, otherwise "server 3" or "worker 3"; parse_node reads all.
inline std::string name_of_node(bool on_graph, NodeId node) {
  return on_graph ? "node " + std::to_string(node.index) : to_string(node);
}
inline std::string name_of_node(const Scenario& scenario, NodeId node) {
  return name_of_node(scenario.on_graph.has_value(), node);
}

/// "node", "server" or "worker", and the key of their group: the same with an s.
inline std::string name_of_role(bool on_graph, Role role) {
  if (on_graph) return "node";
  return role == Role::server ? "server" : "worker";
}

/// The roles of a scenario's nodes; on a graph one, as no node is a worker there.
inline std::vector<Role> roles_of(const Scenario& scenario) {
  if (scenario.on_graph) return {Role::server};
  return {Role::server, Role::worker};
}

}  // namespace byzsim
