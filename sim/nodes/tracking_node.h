// A node of gradient tracking: beside its model x it keeps a vector y that follows the mean of all
// gradients. In every step it sends both to its neighbours, combines theirs with its own by the
// rule, and then
//
//     x <- combined x - rate y,    y <- combined y + g' - g
//
// with its gradients g before and g' at the new model; y begins as the first gradient.
//
// A neighbour that is silent until the timeout, or two of them, is faulty, as in gossip.
#pragma once

#include "sim/nodes/computations.h"
#include "sim/nodes/inbox.h"
#include "sim/nodes/patience.h"
#include "sim/world/node.h"

namespace byzsim {

/// The node of `gradient_tracking`.
class TrackingNode final : public Node {
 public:
  /// `timeout`: nanoseconds after which silent neighbours are faulty.
  TrackingNode(SharedWorkload workload, NodeId id, std::int64_t timeout);

  std::unique_ptr<Node> clone() const override { return std::make_unique<TrackingNode>(*this); }
  Actions on_start() override;
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

  Actions compute_gradient();
  Actions exchange();
  Actions begin_if_ready();
  std::vector<Heard> take(std::int64_t round, const Payload& own);
  bool complete() const;
  const std::vector<std::uint32_t>& neighbours() const {
    return workload_->graph_at(step_).neighbours(id_.index);
  }
  Inbox& inbox_of(std::int64_t round) { return round == kModelRound ? models_ : trackers_; }

  // Both vectors of a step have the phase of a gather: the model in the first round.
  static constexpr std::int64_t kModelRound = 0, kTrackerRound = 1;

  SharedWorkload workload_;
  NodeId id_;
  std::int64_t timeout_;
  std::int64_t step_ = 0;
  State state_ = State::computing_gradient;
  bool timed_out_ = false;  // in this step
  Patience patience_;
  Inbox models_, trackers_;
  Payload model_;
  Payload gradient_;          // at the model
  Payload tracker_;           // y
  Payload combined_tracker_;  // before the new gradient is added
  Training training_;
  Payload server_momentum_;
  Payload model_memory_, tracker_memory_;  // of rules that keep vectors of each sender
};

}  // namespace byzsim
