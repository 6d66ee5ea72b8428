// A node of synchronous gossip: in every step it makes a half-step along its own gradient, sends it
// to its neighbours on the graph, waits for theirs and combines them with its own by the rule, as
// decentralised SGD does it (He et al., 2022; Gaucher et al., ICML 2025). BRIDGE (Fang et al.)
// exchanges the models before the gradient instead, and descends from their combination.
//
// Exact diffusion (Yuan, Ying, Zhao and Sayed, IEEE TSP 2019) corrects half-steps by the step
// before: with the half-step h of this step and h' of the last one, a node at x sends s = h + x -
// h' (h in its first step), and its next model is (s + combined)/2. With means instead of rules and
// whole gradients it reaches the common minimum at a constant rate, which half-steps alone do not.
//
// A neighbour that is silent until the timeout, or two of them (patience.h), is faulty: its weight
// goes to the node's own vector, and the rule assumes one Byzantine vector less among the others.
#pragma once

#include "core/input/words.h"
#include "sim/nodes/computations.h"
#include "sim/nodes/inbox.h"
#include "sim/nodes/patience.h"
#include "sim/world/node.h"

namespace byzsim {

/// What the nodes of `gossip` send each other.
enum class Exchanged { half_steps, models, corrected };
template <>
struct Words<Exchanged> {
  static constexpr std::array<const char*, 3> all = {"half_steps", "models", "corrected"};
};

/// The parameters of `gossip`.
struct GossipSettings {
  Exchanged exchanged = Exchanged::half_steps;
  std::int64_t timeout = 0;  ///< nanoseconds after which silent neighbours are faulty
};

/// The node of `gossip`.
class GossipNode final : public Node {
 public:
  GossipNode(SharedWorkload workload, NodeId id, GossipSettings settings);

  std::unique_ptr<Node> clone() const override { return std::make_unique<GossipNode>(*this); }
  Actions on_start() override { return begin_step(); }
  Reaction on_message(const Message& message) override;
  std::size_t room_for(const Message& message) const override;
  void each_waiting(const PayloadVisit& visit) override;
  Actions on_computed() override;
  Actions on_timer(const TimerName& name) override;
  std::vector<Awaited> awaits() const override;
  std::int64_t step() const override { return step_; }
  void walk(Archive& archive) override;

 private:
  enum class State { computing_gradient, awaiting_neighbours, combining };

  Actions begin_step();
  Actions begin_if_ready();
  Actions combine_with(std::vector<Heard> heard);
  Actions exchange(const Payload& vector);
  Payload corrected(const Payload& half_step);
  QuorumKey key() const;
  const std::vector<std::uint32_t>& neighbours() const {
    return workload_->graph_at(step_).neighbours(id_.index);
  }

  SharedWorkload workload_;
  NodeId id_;
  GossipSettings settings_;
  Phase phase_;  // of what is sent
  std::int64_t step_ = 0;
  State state_ = State::computing_gradient;
  bool timed_out_ = false;  // in this step
  Patience patience_;
  Inbox received_;  // what neighbours send
  Payload model_;
  Payload gradient_;   // at the model, or the momentum after it
  Payload sent_;       // in this step
  Payload half_step_;  // the last one, where it corrects the next
  Training training_;
  Payload server_momentum_;
  Payload model_memory_;  // of rules that keep vectors of each sender
};

}  // namespace byzsim
