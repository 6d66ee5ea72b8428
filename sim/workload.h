// What is trained, on what, by which rules: everything of a run that never changes, shared by all
// nodes and all copies of a simulation. The arithmetic of nodes is here; their behaviour is not.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/dataset.h"
#include "core/model.h"
#include "core/partition.h"
#include "core/rule.h"
#include "sim/message.h"
#include "sim/payload.h"
#include "sim/scenario.h"

namespace byzsim {

/// One aggregation of a run: who aggregates what when; names its draws.
struct Occasion {
  NodeId receiver;
  Phase phase;
  std::int64_t step;
  Payload previous;  ///< what the receiver's last aggregation of this kind gave; empty at first
};

class Workload {
 public:
  /// Makes or loads the data. `scenario` is resolved; `executor` outlives the workload; `data_root`
  /// is where data files lie when the scenario names no directory; Byzantine workers may compute
  /// their own gradients on flipped labels (c -> classes - 1 - c). Throws InputError for data that
  /// cannot be read or a run that would not fit into memory.
  Workload(Scenario scenario, const Executor& executor, const std::string& data_root,
           bool byzantine_workers_flip_labels = false);

  const Scenario& scenario() const { return scenario_; }
  const Model& model() const { return *model_; }
  const Dataset& dataset() const { return dataset_; }
  const Executor& executor() const { return executor_; }
  std::size_t dimension() const { return model_->dimension(); }
  const Payload& initial_model() const { return initial_model_; }
  std::uint64_t data_digest() const { return data_digest_; }

  /// The training examples worker `index` draws from. Correct workers share the set out among
  /// themselves; a Byzantine one knows all data, so that leaving it out moves no correct share.
  std::uint32_t draw_example(std::int64_t worker, Stream& stream) const;

  /// The aggregation of gradients, on all threads.
  std::vector<float> aggregate_gradients(const std::vector<Payload>& gradients,
                                         const Occasion& occasion) const;
  /// model - rate (aggregate + weight_decay model); keeps `momentum` where servers do so.
  std::vector<float> descend(const Payload& model, std::span<const float> aggregate,
                             std::int64_t step, std::vector<float>& momentum) const;
  /// The aggregation of models, on all threads (servers) or on this one (workers, inside a task).
  std::vector<float> aggregate_models(const std::vector<Payload>& models,
                                      const Occasion& occasion) const;
  std::vector<float> aggregate_models_here(const std::vector<Payload>& models,
                                           const Occasion& occasion) const;
  /// The gradient of worker `index` at the given parameters and step.
  std::vector<float> gradient(std::int64_t worker, std::int64_t step,
                              const std::vector<float>& parameters) const;
  bool momentum_at_worker() const;

 private:
  std::vector<float> aggregate(const Group& group, const std::vector<Payload>& vectors,
                               const Occasion& occasion, const Executor& executor) const;
  std::int32_t label_for(std::int64_t worker, std::int32_t label) const;

  Scenario scenario_;
  const Executor& executor_;
  Executor this_thread_{1};
  bool byzantine_workers_flip_labels_;
  Dataset dataset_;
  std::uint64_t data_digest_ = 0;
  Shares shares_;  // of the correct workers
  std::unique_ptr<Model> model_;
  Payload initial_model_;
};

/// Starts worker `index`'s gradient of a step: the rule for models, a batch, the gradient, and
/// momentum upon `previous` where workers keep it. Pure: any thread at any time gives the same
/// bits.
Payload launch_gradient(const std::shared_ptr<const Workload>& workload, std::int64_t worker,
                        std::int64_t step, std::vector<Payload> models, const Payload& previous);

}  // namespace byzsim
