// The state machines of a run: one of every node, and two of a Byzantine node that is twins (Bano
// et al., Twins: BFT systems made robust, OPODIS 2021).
//
// A copy of it copies every state machine. Only a Byzantine node can be twins. Workers that a
// protocol draws (Protocol::draws_workers) have none before they are first asked for.
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

  std::size_t count(Role role) const {
    return static_cast<std::size_t>(workload_->scenario().group_of(role).count);
  }
  /// Whether all nodes of the role are there from the beginning.
  bool has_all(Role role) const { return role == Role::server || !workers_on_demand_; }
  bool are_twins(NodeId id) const { return twins_.contains(id); }
  bool any_twins() const { return !twins_.empty(); }
  Node& at(const Machine& machine);
  const Node& at(const Machine& machine) const;
  /// The step a node is in: as many as it has finished; of twins that of the first.
  std::int64_t step_of(NodeId id) const { return at({id}).step(); }
  /// The least step that one of the node's state machines is in.
  std::int64_t least_step_of(NodeId id) const;
  /// The Byzantine nodes that are there and do not wait for a step to come, whichever it is.
  std::vector<NodeId> byzantine_in_a_step() const;
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
  bool workers_on_demand_;
  std::array<std::vector<Cloned<Node>>, 2>
      nodes_;                                    // by role and index, of roles that are all there
  std::map<std::uint32_t, Cloned<Node>> asked_;  // workers, of a protocol that draws them
  std::shared_ptr<const Node> unasked_;          // as any of them is before
  std::map<NodeId, Cloned<Node>> twins_;         // the second state machine
};

}  // namespace byzsim
