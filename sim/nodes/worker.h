// A worker of the scatter: waits for q_ps models of its step, takes their median, computes a
// gradient there and sends it to all servers (ByzSGD: El-Mhamdi et al., PODC 2020; with q_ps = 1
// the worker of plain SGD).
//
// It keeps only its momentum, and what /workers/algorithm does, from step to step. Its batch is
// named by its index and the step.
//
// As a client of several servers (Fed-MS) it trains locally there, and sends its model to one
// server that it draws in every step.
#pragma once

#include "sim/nodes/computations.h"
#include "sim/nodes/inbox.h"
#include "sim/nodes/worker_answers.h"
#include "sim/world/node.h"

namespace byzsim {

/// Whom a worker answers.
enum class Answered { all_servers, drawn_server };

/// The worker of `sgd`, `replicated_mean`, `guanyu`, `byzsgd`, `consensus_sgd` and `fed_ms`.
class Worker final : public Node {
 public:
  Worker(std::shared_ptr<const Workload> workload, NodeId id,
         Contribution sent = Contribution::gradients, Answered answered = Answered::all_servers);

  std::unique_ptr<Node> clone() const override { return std::make_unique<Worker>(*this); }
  Actions on_start() override { return {}; }
  Reaction on_message(const Message& message) override;
  std::size_t room_for(const Message& message) const override;
  void each_waiting(const PayloadVisit& visit) override;
  Actions on_computed() override;
  std::vector<Awaited> awaits() const override;
  std::int64_t step() const override { return step_; }
  void walk(Archive& archive) override;

 private:
  Actions begin_if_ready();
  Audience audience() const;

  std::shared_ptr<const Workload> workload_;
  NodeId id_;
  Contribution sent_;
  Answered answered_;
  std::int64_t step_ = 0;
  bool computing_ = false;
  Inbox models_;
  Payload gradient_, compressed_;  // the last one sent, and what receivers read of it
  Training training_;
  AlgorithmMemory algorithm_memory_;
  Payload model_memory_;  // of a rule that keeps vectors of each sender
};

}  // namespace byzsim
