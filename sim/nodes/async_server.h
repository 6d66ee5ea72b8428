// The trusted server of asynchronous SGD: every gradient that arrives moves the model at once, by x
// <- x - rate * Lambda(tau) * g with tau the updates made since the model that g was computed at,
// and its worker alone is given the new model. Kardam's server asks its filters first; a worker
// whose gradient was rejected is given the current model, so that it goes on.
//
// The rule and the damping Lambda are those of Kardam and of its baseline (Damaskinos et al., ICML
// 2018), as we understand them. No aggregation rule is involved: each update uses one gradient.
//
// An update is one pass over one vector and takes no simulated time, unlike an aggregation.
#pragma once

#include <optional>

#include "sim/nodes/assignments.h"
#include "sim/nodes/computations.h"
#include "sim/nodes/kardam_filter.h"
#include "sim/nodes/zeno_filter.h"
#include "sim/world/node.h"

namespace byzsim {

/// The server of `async_sgd`, and with a filter that of `kardam` (Damaskinos et al., ICML 2018) or
/// of `zeno_plus_plus`.
class AsyncServer final : public Node {
 public:
  AsyncServer(std::shared_ptr<const Workload> workload, std::optional<KardamFilter> filter,
              std::optional<ZenoFilter> zeno = std::nullopt);

  std::unique_ptr<Node> clone() const override { return std::make_unique<AsyncServer>(*this); }
  Actions on_start() override;
  Reaction on_message(const Message& message) override;
  Actions on_computed() override { return {}; }
  std::vector<Awaited> awaits() const override;
  std::int64_t step() const override { return step_; }
  void walk(Archive& archive) override;

 private:
  bool done() const { return step_ == workload_->scenario().steps; }
  std::optional<Payload> judged(const Message& message, Actions& actions);
  void descend_with(const Message& message, const Payload& gradient, Actions& actions);

  std::shared_ptr<const Workload> workload_;
  std::int64_t step_ = 0;
  std::optional<KardamFilter> filter_;
  std::optional<ZenoFilter> zeno_;
  Assignments assignments_;
  std::int64_t rejected_ = 0;  // gradients since the last update
  Payload model_;
  Payload momentum_;  // where servers keep it
};

}  // namespace byzsim
