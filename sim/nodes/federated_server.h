// The trusted server of federated training in rounds (FedAvg: McMahan et al., AISTATS 2017, as we
// understand it): gives its model to the clients of the round, waits for their answers, aggregates
// them by the clients' rule and moves its model. With a deadline it goes on with those that have
// answered by then.
//
// A client that was drawn several times answers once, and its vector counts as often as it was
// drawn. Where too few answer for the rule, the model stays as it is for that round.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "core/participations/participation.h"
#include "sim/nodes/computations.h"
#include "sim/nodes/inbox.h"
#include "sim/nodes/server_step.h"
#include "sim/world/node.h"

namespace byzsim {

/// How much the vectors of clients count.
enum class ClientWeights { equal, examples };
template <>
struct Words<ClientWeights> {
  static constexpr std::array<const char*, 2> all = {"equal", "examples"};
};

/// What counts of clients that take no part in a round: nothing, or the latest vector that each
/// sent, 0 before the first (D-Byz-SGDM, arXiv 2509.02970, as we understand it).
enum class Absentees { left_out, cached };
template <>
struct Words<Absentees> {
  static constexpr std::array<const char*, 2> all = {"left_out", "cached"};
};

/// The parameters of `fedavg`.
struct FederatedSettings {
  Contribution sent = Contribution::updates;
  ClientWeights weights = ClientWeights::equal;
  Absentees absentees = Absentees::left_out;
  std::int64_t tolerated = 0;  ///< Byzantine vectors that the rule assumes in a round
  std::optional<std::int64_t> deadline = {};  ///< nanoseconds after which a round ends
};

/// The server of `fedavg`.
class FederatedServer final : public Node {
 public:
  FederatedServer(SharedWorkload workload, NodeId id, FederatedSettings settings);

  std::unique_ptr<Node> clone() const override { return std::make_unique<FederatedServer>(*this); }
  Actions on_start() override { return begin_round(); }
  Reaction on_message(const Message& message) override;
  std::size_t room_for(const Message& message) const override;
  Actions on_computed() override;
  Actions on_timer(const TimerName& name) override;
  std::vector<Awaited> awaits() const override;
  std::int64_t step() const override { return step_; }
  void walk(Archive& archive) override;

 private:
  bool done() const { return step_ == workload_->scenario().steps; }
  bool takes_part(NodeId client) const;
  std::size_t awaited() const;
  Actions begin_round();
  Actions begin_if_ready();
  Actions update_with(const std::vector<Heard>& heard);
  std::vector<Heard> with_absentees(const std::vector<Heard>& heard);
  Payload moved_by(const std::vector<Heard>& heard);

  SharedWorkload workload_;
  NodeId id_;
  FederatedSettings settings_;
  std::int64_t step_ = 0;
  bool updating_ = false, timed_out_ = false;
  std::vector<Participant> participants_;  // of this round, ascending
  Inbox answers_;
  std::map<std::uint32_t, Payload> cached_;  // the latest of each client, where they are kept
  Payload model_;
  Payload aggregate_;  // of the last round; rules such as centered clipping build on it
  Payload momentum_;   // where servers keep it
  OptimizerState optimizer_;
  Payload memory_;  // of a rule that keeps vectors of each sender
};

}  // namespace byzsim
