// One of several servers of federated training, some of which may be Byzantine (Fed-MS, as we
// understand it): aggregates the models of the clients that drew it, by the workers' rule, and
// sends the result to all clients, each of which begins its next round where the servers' rule
// takes the models of the servers.
//
// A round in which no model comes, or too few for the rule, leaves the server with its model of the
// round before or, as in the public code, with zeros.
//
// What is evaluated is where a client begins: the servers send their models to each other, too, and
// each adopts what the servers' rule makes of them. No model that a client is given depends on
// that.
#pragma once

#include <optional>

#include "sim/nodes/computations.h"
#include "sim/nodes/inbox.h"
#include "sim/world/node.h"

namespace byzsim {

/// The model of a server that has none to aggregate: the one that it had, or zeros.
enum class IdleModel { keep, zeros };
template <>
struct Words<IdleModel> {
  static constexpr std::array<const char*, 2> all = {"keep", "zeros"};
};

/// The parameters of `fed_ms`.
struct FedMsSettings {
  IdleModel idle = IdleModel::keep;
  std::optional<std::int64_t> deadline = {};  ///< nanoseconds after which a server goes on
};

/// The server of `fed_ms`.
class FedMsServer final : public Node {
 public:
  FedMsServer(SharedWorkload workload, NodeId id, FedMsSettings settings);

  std::unique_ptr<Node> clone() const override { return std::make_unique<FedMsServer>(*this); }
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
  enum class State { awaiting_clients, aggregating, awaiting_servers, filtering };

  bool done() const { return step_ == workload_->scenario().steps; }
  std::size_t awaited_clients() const;
  bool can_aggregate(std::size_t vectors) const;
  Actions begin_round(const Payload& adopted);
  Actions begin_if_ready();
  Actions aggregate(std::vector<Heard> heard);
  Actions filter(std::vector<Heard> heard);
  Actions share_model();

  SharedWorkload workload_;
  NodeId id_;
  FedMsSettings settings_;
  std::int64_t step_ = 0;
  State state_ = State::awaiting_clients;
  bool timed_out_ = false;
  std::int64_t clients_ = 0;  // that drew this server in the present round
  Inbox answers_;             // of clients
  Inbox gathered_;            // of servers
  Payload model_;             // its own
  Payload filtered_;          // what the servers' rule made of all
  Payload aggregate_;         // of the last round; rules such as centered clipping build on it
  Payload client_memory_, server_memory_;  // of rules that keep vectors of each sender
};

}  // namespace byzsim
