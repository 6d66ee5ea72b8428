// A worker of synchronous ByzSGD: pulls one server's model, a different one every step, computes a
// gradient there at once (speculation) and judges the model by the Lipschitz and the Outliers
// filters; on rejection it pulls from the next server. In a step that follows a gather it pulls
// from all servers and takes their median. (El-Mhamdi et al., PODC 2020, section 5; arXiv
// 1911.07537; as we understand them.)
//
// Every pulled model is judged by a mini-batch of its own. On the same batch a retry would repeat
// what the batch adds to the coefficient: a worker with an unusual one would reject every honest
// server in turn, where chance alone should reject f of n. What a retry still repeats are the last
// accepted gradient and step, and coefficients grow while gradients shrink, so that honest pulls
// pass a little less often than (n - f) / n.
#pragma once

#include <vector>

#include "sim/nodes/sync_server.h"

namespace byzsim {

/// The worker of `byzsgd_sync` (LiuBei: arXiv 1911.07537).
class SyncWorker final : public Node {
 public:
  SyncWorker(SharedWorkload workload, NodeId id, SyncSettings settings)
      : workload_(std::move(workload)), id_(id), settings_(settings) {}

  std::unique_ptr<Node> clone() const override { return std::make_unique<SyncWorker>(*this); }
  Actions on_start() override { return begin_step(); }
  Reaction on_message(const Message& message) override;
  std::size_t room_for(const Message& message) const override;
  Actions on_computed() override;
  Actions on_timer(const TimerName& name) override;
  std::vector<Awaited> awaits() const override;
  std::int64_t step() const override { return step_; }
  void walk(Archive& archive) override;

 private:
  Actions begin_step();
  Actions pull_next();
  Actions join(std::int64_t step);
  Actions compute_at(std::vector<Heard> heard);
  Actions accept();
  // After a gather, and until there is an accepted model and gradient to judge others by.
  bool pulls_all() const { return step_ % settings_.gather_period == 0 || !point_; }
  bool judged_fit();
  std::int64_t servers() const { return workload_->scenario().servers.count; }

  SharedWorkload workload_;
  NodeId id_;
  SyncSettings settings_;
  std::int64_t step_ = 0;
  std::int64_t attempt_ = 0;  // pulls of this step so far
  bool patient_ = true;       // whether it still waits for the answers of all
  bool computing_ = false;
  std::vector<Heard> pulled_;  // of this step
  Payload candidate_;          // the model under judgement
  Payload candidate_gradient_, candidate_memory_;
  Training candidate_training_;
  Payload point_;                     // the last accepted model
  Payload gradient_;                  // at that model
  Training training_;                 // after that gradient; each pulled model has its batches
  Payload model_memory_;              // of a rule that keeps vectors of each sender
  double rate_times_norm_ = 0;        // eta ||g|| of the last gather
  std::vector<double> coefficients_;  // all Lipschitz coefficients, the latest ones
};

}  // namespace byzsim
