// A server replica: sends its model to all workers, waits for q_w gradients of its step, aggregates
// them and descends; every `gather_period` steps it exchanges the result with the other servers and
// takes the median of q_ps of them, its own among them unless that many others were faster (ByzSGD:
// El-Mhamdi et al., PODC 2020: scatter and gather, the latter also called DMC). Period 0 never
// gathers: with one server that is plain SGD. Period 1 is GuanYu (arXiv 1905.03853 v1, 2019).
//
// The gather after step t is tagged t + 1, the step whose model it makes.
#pragma once

#include <cstdint>
#include <map>

#include "sim/nodes/computations.h"
#include "sim/nodes/inbox.h"
#include "sim/nodes/server_step.h"
#include "sim/nodes/worker_answers.h"
#include "sim/world/node.h"

namespace byzsim {

/// The server of `sgd`, `replicated_mean`, `guanyu` and `byzsgd`.
class Server final : public Node {
 public:
  Server(std::shared_ptr<const Workload> workload, NodeId id, std::int64_t gather_period);

  std::unique_ptr<Node> clone() const override { return std::make_unique<Server>(*this); }
  Actions on_start() override { return adopt(); }
  Reaction on_message(const Message& message) override;
  std::size_t room_for(const Message& message) const override;
  void each_waiting(const PayloadVisit& visit) override;
  Actions on_computed() override;
  std::vector<Awaited> awaits() const override;
  std::int64_t step() const override { return step_; }
  void walk(Archive& archive) override;

 private:
  enum class State { awaiting_gradients, descending, awaiting_gather, contracting };

  Actions begin_if_ready();
  Actions descend_with(std::vector<Heard> heard);
  Actions contract_with(std::vector<Heard> heard);
  Actions begin_gather();
  Actions adopt();
  bool gathers_after_step() const;

  std::shared_ptr<const Workload> workload_;
  NodeId id_;
  std::int64_t gather_period_;
  std::int64_t step_ = 0;
  State state_ = State::awaiting_gradients;
  Inbox gradients_;
  Inbox gathered_;
  Payload model_;
  Payload aggregate_;  // of the last step's gradients; rules such as centered clipping build on it
  Payload momentum_;   // where servers keep it
  OptimizerState optimizer_;
  std::map<std::uint32_t, Payload> mirrors_;  // by worker, where an algorithm of workers has them
  Payload gradient_memory_, model_memory_;    // of rules that keep vectors of each sender
};

}  // namespace byzsim
