// The trusted server of asynchronous SGD by the latest vectors (Dahan and Levy, as we understand
// them): it keeps the latest gradient of each worker and how many that worker has sent, and at each
// arrival aggregates all of them by the workers' rule, with these numbers as weights, and descends.
//
// It begins once it has gradients of q workers; until then a worker that has answered waits, and
// where the others never answer the run is stalled. A worker is given the model of the update that
// its gradient is in. An update takes the time of an aggregation: what arrives meanwhile is in the
// next one, which begins at once.
//
// With averaging gamma < 1 (the query point of mu^2-SGD) workers are given x <- (1 - gamma) x +
// gamma w, where w descends.
#pragma once

#include <map>
#include <vector>

#include "sim/nodes/assignments.h"
#include "sim/nodes/computations.h"
#include "sim/world/node.h"

namespace byzsim {

/// The server of `weighted_async_sgd`.
class WeightedAsyncServer final : public Node {
 public:
  /// `averaging` is gamma, in (0, 1].
  WeightedAsyncServer(SharedWorkload workload, NodeId id, double averaging);

  std::unique_ptr<Node> clone() const override {
    return std::make_unique<WeightedAsyncServer>(*this);
  }
  Actions on_start() override;
  Reaction on_message(const Message& message) override;
  Actions on_computed() override;
  std::vector<Awaited> awaits() const override;
  std::int64_t step() const override { return step_; }
  void walk(Archive& archive) override;

 private:
  struct Latest {
    static constexpr std::size_t kFields = 2;  // of an archive
    Payload vector;
    std::int64_t sent = 0;  ///< gradients of the worker so far
  };
  bool done() const { return step_ == workload_->scenario().steps; }
  bool has_quorum() const;
  Actions go_on();
  Actions give_model(const std::vector<NodeId>& workers);
  Compute begin_update();

  SharedWorkload workload_;
  NodeId id_;
  double averaging_;
  std::int64_t step_ = 0;
  Assignments assignments_;
  std::map<std::uint32_t, Latest> latest_;  // by worker
  bool updating_ = false;
  std::vector<NodeId> arrived_;  // whose gradients are in the next update
  std::vector<NodeId> used_;     // whose gradients are in the present one
  Payload model_;                // that workers are given
  Payload descended_;            // w; the model itself without averaging
  Payload next_;                 // the model after the present update
  Payload aggregate_;            // of the last one; rules such as centered clipping build on it
  Payload momentum_;             // where servers keep it
  Payload memory_;               // of a rule that keeps vectors of each sender
};

}  // namespace byzsim
