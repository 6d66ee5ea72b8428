// The trusted server of asynchronous federated training (FedBuff: Nguyen et al., AISTATS 2022;
// FedAsync: Xie et al., 2019; as we understand them): it keeps the answers of clients, each damped
// by its staleness, until it has K of them, aggregates them by the clients' rule and moves its
// model. A client that has answered is given the current model again or, where fewer clients train
// at once than there are, one that is idle is drawn in its place.
//
// With K = 1 no rule is applied: the one answer moves the model at once, as in asynchronous SGD.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "sim/nodes/assignments.h"
#include "sim/nodes/server_step.h"
#include "sim/world/node.h"

namespace byzsim {

/// The parameters of `fedbuff`.
struct FedbuffSettings {
  Contribution sent = Contribution::updates;
  std::size_t buffer = 1;      ///< K
  std::int64_t tolerated = 0;  ///< Byzantine vectors that the rule assumes in a buffer
  /// How many clients train at once; empty: all of them.
  std::optional<std::int64_t> at_once = {};
};

/// The server of `fedbuff`.
class FedbuffServer final : public Node {
 public:
  FedbuffServer(SharedWorkload workload, NodeId id, FedbuffSettings settings);

  std::unique_ptr<Node> clone() const override { return std::make_unique<FedbuffServer>(*this); }
  Actions on_start() override;
  Reaction on_message(const Message& message) override;
  Actions on_computed() override;
  std::vector<Awaited> awaits() const override;
  std::int64_t step() const override { return step_; }
  void walk(Archive& archive) override;

 private:
  bool done() const { return step_ == workload_->scenario().steps; }
  bool ready() const { return !updating_ && kept_.size() >= settings_.buffer; }
  Payload damped(const Message& message) const;
  Payload moved_by(const Payload& aggregate);
  void move_at_once(Actions& actions);
  Compute begin_update();
  Send give_next(NodeId answered);
  std::uint32_t drawn_idle();

  SharedWorkload workload_;
  NodeId id_;
  FedbuffSettings settings_;
  std::int64_t step_ = 0;
  Assignments assignments_;
  std::set<std::uint32_t> training_;  // clients that have not answered, where they are drawn
  std::int64_t drawn_ = 0;            // clients so far: names the next draw
  std::vector<Heard> kept_;           // answers, by arrival
  bool updating_ = false;
  std::optional<NodeId> waiting_;  // for the model of this update
  Payload model_, next_;
  Payload aggregate_;  // of the last update; rules such as centered clipping build on it
  Payload momentum_;   // where servers keep it
  OptimizerState optimizer_;
  Payload memory_;  // of a rule that keeps vectors of each sender
};

}  // namespace byzsim
