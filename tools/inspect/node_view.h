// What each node of a moment does, holds and waits for; as a value, as text and as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/input/json.h"
#include "sim/world/node_set.h"
#include "tools/inspect/history.h"

namespace byzsim {

enum class NodeState {
  computing,
  waiting,
  down,
  done,
};
template <>
struct Words<NodeState> {
  static constexpr std::array<const char*, 4> all = {"computing", "waiting", "down", "done"};
};

/// One state machine of a node at a moment.
struct NodeView {
  NodeId id{};
  int twin = 0;
  bool is_twin = false;  ///< one of two
  bool byzantine = false;
  bool one_role = false;  ///< nodes are called nodes
  std::int64_t step = 0;
  NodeState state = NodeState::waiting;
  std::optional<SimTime> since;      ///< absent of a node that is down
  std::optional<SimTime> until;      ///< of a computation, or of a node that comes back
  std::optional<Computed> computes;  ///< what, while it computes
  std::vector<Awaited> awaits;
  std::vector<MessageKey> deferred;  ///< what a Byzantine node holds back until others have sent
  NodeNotes notes;
};

/// Of the nodes of the set, servers first.
std::vector<NodeView> node_views(const Moment& moment, const NodeSet& nodes);

/// A line each, in columns.
std::string nodes_text(const std::vector<NodeView>& views);
/// All that is known of one.
std::string node_text(const NodeView& view);
Json to_json(const NodeView& view);

/// "the gradient of step 3", with the round where it is not 0.
std::string name_of(Phase phase, std::optional<std::int64_t> step, std::int64_t round);

}  // namespace byzsim
