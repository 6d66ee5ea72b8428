// A worker of an asynchronous server: computes a gradient at the model it is given, sends it with
// that model's step and waits for the next. Its batches are named by its own count of gradients, so
// that no other node's pace decides what it computes on.
//
// Invariant: it computes on the latest model that it was given, and ignores any other meanwhile.
#pragma once

#include "sim/nodes/computations.h"
#include "sim/nodes/worker_answers.h"
#include "sim/world/node.h"

namespace byzsim {

/// The worker of `async_sgd`, `kardam`, `basgd` and `fedbuff`.
class AsyncWorker final : public Node {
 public:
  AsyncWorker(std::shared_ptr<const Workload> workload, NodeId id,
              Contribution sent = Contribution::gradients)
      : workload_(std::move(workload)), id_(id), sent_(sent) {}

  std::unique_ptr<Node> clone() const override { return std::make_unique<AsyncWorker>(*this); }
  Actions on_start() override { return {}; }
  Reaction on_message(const Message& message) override;
  std::size_t room_for(const Message& message) const override;
  Actions on_computed() override;
  std::vector<Awaited> awaits() const override;
  std::int64_t step() const override { return step_; }
  void walk(Archive& archive) override;

 private:
  Verdict accept(const Message& message) const;

  std::shared_ptr<const Workload> workload_;
  NodeId id_;
  Contribution sent_;
  std::int64_t step_ = 0;    // of the model it was given last
  std::int64_t round_ = -1;  // how often it had that model before; -1 when it never had any
  bool computing_ = false;
  Payload gradient_, compressed_;  // the last one sent, and what receivers read of it
  Training training_;
  AlgorithmMemory algorithm_memory_;
};

}  // namespace byzsim
