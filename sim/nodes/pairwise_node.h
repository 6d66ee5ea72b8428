// A node of pairwise gossip: it has no rounds. It computes a gradient, descends from the model that
// it holds by then, and draws one neighbour, to which it sends the result; the neighbour answers
// with the model that it holds, and both combine the two by the rule (randomised gossip;
// asynchronous decentralised SGD with pairs). A node that is asked answers and combines at once,
// whatever it is doing: the gradient that it computes then is of an older model.
//
// A neighbour that does not answer until the timeout is left alone.
#pragma once

#include <map>
#include <optional>

#include "sim/nodes/computations.h"
#include "sim/world/node.h"

namespace byzsim {

/// The node of `pairwise_gossip`.
class PairwiseNode final : public Node {
 public:
  /// `timeout`: nanoseconds that a node waits for an answer.
  PairwiseNode(SharedWorkload workload, NodeId id, std::int64_t timeout);

  std::unique_ptr<Node> clone() const override { return std::make_unique<PairwiseNode>(*this); }
  Actions on_start() override { return begin_step(); }
  Reaction on_message(const Message& message) override;
  std::size_t room_for(const Message& message) const override;
  Actions on_computed() override;
  Actions on_timer(const TimerName& name) override;
  std::vector<Awaited> awaits() const override;
  std::int64_t step() const override { return step_; }
  void walk(Archive& archive) override;

 private:
  enum class State { computing_gradient, awaiting_answer, combining };

  Actions begin_step();
  Actions combine_with(const Heard& other, std::int64_t step, std::int64_t round);
  Actions end_step();
  std::optional<NodeId> partner() const;
  bool done() const { return step_ == workload_->scenario().steps; }

  // An offer and its answer have the phase of a gather and the step of who offers.
  static constexpr std::int64_t kOffer = 0, kAnswer = 1;

  SharedWorkload workload_;
  NodeId id_;
  std::int64_t timeout_;
  std::int64_t step_ = 0;
  State state_ = State::computing_gradient;
  std::map<NodeId, std::int64_t> offered_;  // the latest step of each that has offered
  Payload model_, gradient_;
  Training training_;
  Payload server_momentum_;
  Payload model_memory_;  // of rules that keep vectors of each sender
};

}  // namespace byzsim
