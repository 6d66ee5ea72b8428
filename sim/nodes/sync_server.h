// A server of synchronous ByzSGD (El-Mhamdi et al., PODC 2020, section 5; arXiv 1911.07537; as we
// understand them): answers every node that pulls its model, waits for the gradients of all workers
// until a timeout (a node that is silent for longer is faulty), aggregates and descends; every
// `gather_period` steps it pulls the models of all servers and takes their median.
//
// An answer is never older than what was asked for, but may be newer. What has not arrived at a
// timeout counts as missing: the rule then assumes that many fewer Byzantine nodes among the
// others.
#pragma once

#include <map>
#include <vector>

#include "sim/nodes/computations.h"
#include "sim/nodes/inbox.h"
#include "sim/world/node.h"

namespace byzsim {

/// The parameters of `byzsgd_sync`.
struct SyncSettings {
  std::int64_t gather_period = 1;
  std::int64_t timeout = 0;          ///< nanoseconds after which the silent are faulty
  bool filters = true;               ///< whether workers filter the models they pull
  bool bound_of_last_gather = true;  ///< the Outliers bound's gradient; otherwise the pulled one
};

/// The server of `byzsgd_sync` (LiuBei: arXiv 1911.07537).
class SyncServer final : public Node {
 public:
  SyncServer(SharedWorkload workload, NodeId id, SyncSettings settings);

  std::unique_ptr<Node> clone() const override { return std::make_unique<SyncServer>(*this); }
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
  enum class State { awaiting_gradients, descending, awaiting_gather, contracting };
  struct Pull {
    static constexpr std::size_t kFields = 3;  // of an archive
    NodeId from;
    std::int64_t step;
    std::int64_t repeat;  // of the request
  };

  Reaction on_request(const Message& message);
  Actions answer(const Pull& pull);
  bool can_answer(const Pull& pull) const;
  void answer_waiting(Actions& actions);
  Actions descend_with(std::vector<Heard> heard);
  Actions begin_gather();
  Actions contract_with(std::vector<Heard> heard);
  Actions adopt();
  Actions begin_if_ready();
  Timer patience(const TimerName& name) const;
  bool done() const { return step_ == workload_->scenario().steps; }
  bool gathers_after_step() const { return (step_ + 1) % settings_.gather_period == 0; }

  SharedWorkload workload_;
  NodeId id_;
  SyncSettings settings_;
  std::int64_t step_ = 0;
  State state_ = State::awaiting_gradients;
  Inbox gradients_;
  Inbox gathered_;
  Payload model_;      // of step_
  Payload descended_;  // the updated model, while it is computed
  Payload gathering_;  // and once it is: the model before the median
  Payload aggregate_;
  Payload momentum_;                        // where servers keep it
  Payload gradient_memory_, model_memory_;  // of rules that keep vectors of each sender
  Payload contracted_;                      // the model of the next step, while it is computed
  std::vector<Pull> waiting_;               // for a model that is not there yet
  std::map<NodeId, std::int64_t> answers_;  // with the model of step_, by worker
};

}  // namespace byzsim
