// A node of asynchronous gossip: it waits for nobody. In every step it makes a half-step along its
// own gradient, sends it to its neighbours and combines it with what each of them sent last, as
// asynchronous decentralised SGD does it; of a neighbour that has sent nothing yet that is the
// initial model. What is more steps behind than the staleness allows is left out.
//
// Its pace is its computing time alone: a slow neighbour, or none at all, delays nothing.
#pragma once

#include <optional>
#include <vector>

#include "sim/nodes/computations.h"
#include "sim/world/node.h"

namespace byzsim {

class Archive;

/// The node of `async_gossip`.
class AsyncGossipNode final : public Node {
 public:
  /// `staleness`: steps that a neighbour's vector may be behind; empty: any number.
  AsyncGossipNode(SharedWorkload workload, NodeId id, std::optional<std::int64_t> staleness);

  std::unique_ptr<Node> clone() const override { return std::make_unique<AsyncGossipNode>(*this); }
  Actions on_start() override { return begin_step(); }
  Reaction on_message(const Message& message) override;
  std::size_t room_for(const Message& message) const override;
  void each_waiting(const PayloadVisit& visit) override;
  Actions on_computed() override;
  std::int64_t step() const override { return step_; }
  void walk(Archive& archive) override;

 private:
  struct Latest {
    static constexpr std::size_t kFields = 2;  // of an archive
    std::int64_t step;
    Payload vector;
  };

  Actions begin_step();
  Actions combine();
  std::optional<std::size_t> place_of_neighbour(NodeId sender) const;

  SharedWorkload workload_;
  NodeId id_;
  std::optional<std::int64_t> staleness_;
  std::int64_t step_ = 0;
  bool combining_ = false;              // rather than computing a gradient
  std::vector<std::uint32_t> senders_;  // its neighbours on any graph of the run, ascending
  std::vector<Latest> latest_;          // of each of these
  Payload model_, gradient_;
  Training training_;
  Payload server_momentum_;
  Payload model_memory_;  // of rules that keep vectors of each sender
};

}  // namespace byzsim
