// A node of gossip by pulls: in every step it makes a half-step along its own gradient, draws some
// of its neighbours, asks them for theirs and combines the answers with its own by the rule (RPEL,
// arXiv 2510.08311, on the complete graph). Whom it draws is a function of the seed, the node and
// the step alone.
//
// Who asks for a half-step that is not there yet is answered once it is; who asks late, with the
// latest. A peer that is silent until the timeout is faulty: the rule assumes one Byzantine vector
// less among the others.
#pragma once

#include <vector>

#include "sim/nodes/computations.h"
#include "sim/nodes/inbox.h"
#include "sim/world/node.h"

namespace byzsim {

/// The node of `pull_gossip`.
class PullGossipNode final : public Node {
 public:
  /// `timeout`: nanoseconds after which silent peers are faulty.
  PullGossipNode(SharedWorkload workload, NodeId id, std::int64_t peers, std::int64_t timeout);

  std::unique_ptr<Node> clone() const override { return std::make_unique<PullGossipNode>(*this); }
  Actions on_start() override { return begin_step(); }
  Reaction on_message(const Message& message) override;
  std::size_t room_for(const Message& message) const override;
  Actions on_computed() override;
  Actions on_timer(const TimerName& name) override;
  std::vector<Awaited> awaits() const override;
  std::int64_t step() const override { return step_; }
  void walk(Archive& archive) override;

 private:
  enum class State { computing_gradient, awaiting_answers, combining };
  struct Pull {
    static constexpr std::size_t kFields = 3;  // of an archive
    NodeId from;
    std::int64_t step;
    std::int64_t repeat;  // of the request
  };

  Actions begin_step();
  Actions pull();
  Reaction on_request(const Message& message);
  std::vector<std::uint32_t> asked_in(std::int64_t step) const;
  bool is_asked(const Message& message) const;
  Action answer(const Pull& pull) const;
  Actions begin_if_ready();

  SharedWorkload workload_;
  NodeId id_;
  std::int64_t peers_;
  std::int64_t timeout_;
  std::int64_t step_ = 0;
  State state_ = State::computing_gradient;
  bool timed_out_ = false;     // in this step
  Inbox answers_;              // to the pulls of step t, tagged t + 1, as what servers gather is
  std::vector<Pull> waiting_;  // for a half-step that is not there yet
  Payload model_, gradient_;
  Payload half_step_;              // the latest; empty before the first
  std::int64_t half_step_of_ = 0;  // its tag
  Training training_;
  Payload server_momentum_;
  Payload model_memory_;  // of rules that keep vectors of each sender
};

}  // namespace byzsim
