// Sets of nodes as scenarios name them: one node, a range of one role, a whole role, all or none.
//
// A set is by indices alone: whether the nodes exist is checked where the counts are known
// (scenario_checks.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "sim/world/node_id.h"

namespace byzsim {

/// "all", "none", "servers", "workers", "server 3" or "workers 0-4": a range of one role, or all.
/// On a graph "nodes", "node 3" and "nodes 0-4", which have the role server.
struct NodeSet {
  std::optional<Role> role;  ///< empty: both
  std::int64_t first = 0;
  std::int64_t last = kMostNodes;  ///< inclusive; below `first` for none

  bool contains(NodeId node) const {
    return (!role || *role == node.role) && node.index >= first && node.index <= last;
  }
};

/// Nothing if the text is none of the above.
std::optional<NodeSet> parse_node_set(std::string_view text);

/// "server 3" or "node 3": one node; nothing if the text names none or several.
std::optional<NodeId> parse_node(std::string_view text);

/// What parse_node_set accepts, for messages.
inline constexpr const char* kNodeSetForms =
    "\"all\", \"none\", \"servers\", \"workers\", \"server 3\" or \"workers 0-4\", on a graph "
    "\"nodes\", \"node 3\" or \"nodes 0-4\"";

}  // namespace byzsim
