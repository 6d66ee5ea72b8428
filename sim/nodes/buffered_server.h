// The trusted server of buffered asynchronous SGD (BASGD: Yang and Li, ICML 2021), as we understand
// it: worker s fills buffer s mod B, which keeps the mean of its gradients since the last update.
// Once no buffer is empty the B means are aggregated by the workers' rule, the model moves one step
// and the buffers are empty again. A worker is given the current model after each gradient, the one
// that filled the last empty buffer after the update.
//
// However fast a Byzantine worker answers, it spoils one buffer: with B >= 2f + 1 buffers the
// honest ones are the majority.
#pragma once

#include <optional>

#include "sim/nodes/assignments.h"
#include "sim/nodes/computations.h"
#include "sim/world/node.h"

namespace byzsim {

/// The server of `basgd` (Yang and Li, ICML 2021), with at least one buffer.
class BufferedServer final : public Node {
 public:
  BufferedServer(std::shared_ptr<const Workload> workload, NodeId id, std::int64_t buffers);

  std::unique_ptr<Node> clone() const override { return std::make_unique<BufferedServer>(*this); }
  Actions on_start() override;
  Reaction on_message(const Message& message) override;
  Actions on_computed() override;
  std::vector<Awaited> awaits() const override;
  std::int64_t step() const override { return step_; }
  void walk(Archive& archive) override;

 private:
  struct Buffer {
    static constexpr std::size_t kFields = 2;  // of an archive
    Payload mean;
    std::int64_t gradients = 0;
  };
  bool done() const { return step_ == workload_->scenario().steps; }
  bool ready() const;
  void fill(const Message& message);
  Compute begin_update();

  std::shared_ptr<const Workload> workload_;
  NodeId id_;
  std::int64_t step_ = 0;
  Assignments assignments_;
  std::vector<Buffer> buffers_;
  bool updating_ = false;
  std::optional<NodeId> waiting_;  // for the model of this update
  Payload model_, next_;
  Payload aggregate_;        // of the last update; rules such as centered clipping build on it
  Payload momentum_;         // where servers keep it
  Payload gradient_memory_;  // of a rule that keeps vectors of each sender
};

}  // namespace byzsim
