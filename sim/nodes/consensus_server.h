// A replica that agrees with the others on the gradients of every step before it descends: a
// leader-based, partially synchronous Byzantine consensus in PBFT's three phases (Castro and
// Liskov, OSDI 1999), with a view change on timeout. All honest replicas hold the same model at
// every step; while the network delays the current leader beyond the timeouts they complete none.
// It is the alternative that the talk of PODC 2020 rejects (slides 7-8), as we understand it.
//
// Quorums of votes are more than (n + f) / 2 of the n replicas, so that any two share an honest
// one. A replica that has seen a quorum prepared is locked on that proposal, and a new leader
// proposes the latest that any of a quorum had prepared: what was committed anywhere is never
// replaced.
//
// Signatures are taken for granted: a proposal carries the workers' signed gradients, a view change
// the proposal that its sender has prepared, and neither can be forged. A Byzantine replica can be
// silent; its votes are otherwise honest.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "sim/nodes/computations.h"
#include "sim/nodes/inbox.h"
#include "sim/world/node.h"

namespace byzsim {

/// The server of `consensus_sgd`: one instance of the consensus after the other, one a step (Castro
/// and Liskov, OSDI 1999).
class ConsensusServer final : public Node {
 public:
  /// `timeout`: nanoseconds until the first view change of a step; it doubles with each.
  ConsensusServer(SharedWorkload workload, NodeId id, std::int64_t timeout);

  std::unique_ptr<Node> clone() const override { return std::make_unique<ConsensusServer>(*this); }
  Actions on_start() override { return adopt(); }
  Reaction on_message(const Message& message) override;
  std::size_t room_for(const Message& message) const override;
  void each_waiting(const PayloadVisit& visit) override;
  Actions on_computed() override;
  Actions on_timer(const TimerName& name) override;
  std::vector<Awaited> awaits() const override;
  std::int64_t step() const override { return step_; }
  void walk(Archive& archive) override;

 private:
  using Proposal = std::vector<Heard>;
  // What is known of one view of the present step.
  struct View {
    static constexpr std::size_t kFields = 10;  // of an archive
    std::optional<Proposal> proposal;
    std::uint64_t digest = 0;                                     // of the proposal
    bool proposed = false, prepared = false, committed = false;   // by this replica
    std::map<std::uint64_t, std::set<NodeId>> prepares, commits;  // by the digest voted for
    std::set<NodeId> changers;                                    // who wants this view
    std::int64_t best_prepared_view = -1;                         // among what they had prepared
    std::optional<Proposal> best_prepared;
  };

  std::size_t quorum() const;
  NodeId leader_of(std::int64_t view) const;
  Verdict keep_for_later(const Message& message);
  Verdict record(const Message& message);
  Verdict record_proposal(const Message& message, View& view);
  Verdict record_view_change(const Message& message, View& view);
  Actions advance();
  void propose(Actions& actions);
  void prepare(Actions& actions);
  void commit(Actions& actions);
  void decide(Actions& actions);
  void change_view(std::int64_t view, Actions& actions);
  bool acceptable(const View& view) const;
  Timer timer() const;
  Actions adopt();

  SharedWorkload workload_;
  NodeId id_;
  std::int64_t timeout_;
  std::int64_t step_ = 0;
  std::int64_t view_ = 0;           // goes on from step to step: a slow leader is not tried again
  std::int64_t views_of_step_ = 0;  // changes since the step began, for the timeout
  bool computing_ = false;
  std::map<std::int64_t, View> views_;  // of the present step
  std::int64_t locked_view_ = -1;       // the latest view in which this replica prepared
  Proposal locked_;
  std::map<std::int64_t, std::vector<Message>> later_;  // votes of steps to come
  Inbox gradients_;
  std::optional<Proposal> own_;  // the gradients of the step that this replica received
  Payload model_;
  Payload aggregate_;
  Payload momentum_;         // where servers keep it
  Payload gradient_memory_;  // of a rule that keeps vectors of each sender
};

}  // namespace byzsim
