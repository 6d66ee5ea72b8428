// What a reader calls a node: where every node has both roles all are nodes, whatever their role.
#pragma once

#include <string>

#include "sim/scenario/scenario.h"

namespace byzsim {

/// "node 3" in a protocol without servers, otherwise "server 3" or "worker 3"; parse_node reads
/// all.
inline std::string name_of_node(bool one_role, NodeId node) {
  return one_role ? "node " + std::to_string(node.index) : to_string(node);
}
inline std::string name_of_node(const Scenario& scenario, NodeId node) {
  return name_of_node(scenario.one_role, node);
}

/// "node", "server" or "worker", and the key of their group: the same with an s.
inline std::string name_of_role(bool one_role, Role role) {
  if (one_role) return "node";
  return role == Role::server ? "server" : "worker";
}

/// The roles of a scenario's nodes; one where every node has both, as those of the other are idle.
inline std::vector<Role> roles_of(const Scenario& scenario) {
  if (scenario.one_role) return {Role::server};
  return {Role::server, Role::worker};
}

}  // namespace byzsim
