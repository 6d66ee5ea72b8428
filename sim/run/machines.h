// The state machines of a run: one of every node, and two of a Byzantine node that is twins (Bano
// et al., Twins: BFT systems made robust, OPODIS 2021).
//
// A copy of it copies every state machine. Only a Byzantine node can be twins.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <vector>

#include "sim/nodes/workload.h"
#include "sim/protocols/protocol.h"
#include "sim/world/cloned.h"
#include "sim/world/node.h"

namespace byzsim {

class Archive;

/// Names a state machine: that of a node, or one of the two that twins are.
struct Machine {
  static constexpr std::size_t kFields = 2;  // of an archive
  NodeId id;
  int twin = 0;
};

/// All state machines of one run.
class Machines {
 public:
  Machines(const std::shared_ptr<const Workload>& workload, const Protocol& protocol);
  /// From now on the node is twins.
  void add_twin(NodeId id);

  std::size_t count(Role role) const { return nodes_[static_cast<std::size_t>(role)].size(); }
  bool are_twins(NodeId id) const { return twins_.contains(id); }
  bool any_twins() const { return !twins_.empty(); }
  Node& at(const Machine& machine);
  const Node& at(const Machine& machine) const;
  /// The step a node is in: as many as it has finished; of twins that of the first.
  std::int64_t step_of(NodeId id) const { return at({id}).step(); }
  /// The least step that one of the node's state machines is in.
  std::int64_t least_step_of(NodeId id) const;
  /// Which nodes get what a state machine sends: of twins, each sends to the honest nodes of its
  /// half, and to Byzantine ones. In the order of indices, never the sender itself where a whole
  /// role is meant.
  std::vector<NodeId> receivers_of(const Machine& source, const Send& send) const;
  /// How many messages such as this one the node can still use (Node::room_for).
  std::size_t room_for(NodeId id, const Message& message) const;
  /// Vectors that nodes keep for later steps.
  void each_waiting(const PayloadVisit& visit);
  /// Writes it, or reads it back (core/input/archive.h).
  void walk(Archive& archive);

 private:
  std::shared_ptr<const Workload> workload_;
  decltype(Protocol::make_node) make_node_;
  std::array<std::vector<Cloned<Node>>, 2> nodes_;  // by role and index
  std::map<NodeId, Cloned<Node>> twins_;            // the second state machine
};

}  // namespace byzsim
