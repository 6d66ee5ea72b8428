// What is trained, on what, by which rules: everything of a run that never changes, shared by all
// nodes and all copies of a simulation. The arithmetic of nodes is here; their behaviour is not.
//
// Invariants: the scenario is resolved; every model, gradient and direction has dimension()
// coordinates. Every function is pure, so that any thread may call it at any time; what is drawn is
// named by node and step. Reductions run over shards whose cut points depend on the dimension
// alone.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/check.h"
#include "core/datasets/augmentation.h"
#include "core/datasets/dataset.h"
#include "core/input/issue.h"
#include "core/models/model.h"
#include "core/partitions/partition.h"
#include "core/rules/rule.h"
#include "sim/network/delays/delay.h"
#include "sim/nodes/poisoning.h"
#include "sim/nodes/shared_aggregates.h"
#include "sim/nodes/shared_distances.h"
#include "sim/scenario/node_graph.h"
#include "sim/scenario/scenario.h"
#include "sim/world/message.h"
#include "sim/world/node_set.h"
#include "sim/world/payload.h"

namespace byzsim {

/// One aggregation of a run: which node aggregates what at which step; names its draws.
struct Occasion {
  NodeId receiver;
  Phase phase;
  std::int64_t step;
  Payload previous;  ///< what the receiver's last aggregation of this kind gave; empty at first
  std::int64_t missing = 0;  ///< nodes known to be faulty, whose vectors are not in the quorum
  std::int64_t round = 0;    ///< of an agreement; below 64
  std::optional<std::size_t> own = {};     ///< which of the vectors is the receiver's; perhaps none
  std::vector<std::int32_t> senders = {};  ///< of the vectors, within their role; empty: unknown
  /// What the receiver's last aggregation of this kind made and kept, by a rule that keeps vectors
  /// of each sender; empty at first.
  Payload memory = {};
  std::vector<double> weights = {};  ///< gossip weights of the vectors; empty: all equal
  /// How many of the vectors are assumed to be Byzantine; empty: as many as the group declares.
  std::optional<std::int64_t> tolerated = {};
  /// The receiver's model, which the vectors are gradients at; empty where it offers none.
  Payload model = {};
};

/// A data set and what it was made of; runs that train on the same share it.
struct MadeDataset {
  Choice choice;
  Choice normalise;
  std::uint64_t seed;
  Dataset dataset;
  std::uint64_t digest;
  std::vector<InputFile> inputs;  ///< of the scenario it was made for
  double validation;              ///< the share of the training examples that is held back
  Examples held_back;             ///< these, which `dataset` has no more
};

/// The data, model, shares, delays and rules of one run.
class Workload {
 public:
  /// Makes or loads the data, unless `made`, with the same data_root, is what the scenario asks
  /// for. `scenario` is resolved; `executor` outlives the workload; `data_root` is where data files
  /// lie when the scenario names no directory; Byzantine workers compute their own gradients on
  /// poisoned examples. Throws InputError for data that cannot be read, prepared or poisoned so, or
  /// a run that would not fit into memory.
  Workload(Scenario scenario, const Executor& executor, const std::string& data_root,
           const Poisoning& poisoning = NoPoisoning{},
           std::shared_ptr<const MadeDataset> made = nullptr);

  const Scenario& scenario() const { return scenario_; }
  /// Of a protocol on a graph: all of the run, and the one whose edges nodes use in a step.
  const NodeGraphs& graphs() const {
    BYZ_CHECK(scenario_.graphs != nullptr, "the protocol is on a graph");
    return *scenario_.graphs;
  }
  const NodeGraph& graph_at(std::int64_t step) const { return graphs().at(step); }
  /// False for a run of time and messages only, whose vectors are blank: no data, no model.
  bool has_numbers() const { return model_ != nullptr; }
  const Model& model() const { return *model_; }
  const Dataset& dataset() const { return made_->dataset; }
  /// The test examples by which a backdoor's success is measured; null where none is trained.
  const Examples* triggered_test() const { return triggered_test_ ? &*triggered_test_ : nullptr; }
  /// The training examples that are held back; null where none are.
  const Examples* validation() const {
    return scenario_.validation > 0 ? &made_->held_back : nullptr;
  }
  /// For other workloads; null without numbers.
  const std::shared_ptr<const MadeDataset>& made_dataset() const { return made_; }
  const Executor& executor() const { return executor_; }
  std::size_t dimension() const { return dimension_; }
  /// The model a server starts with: the same for all, unless the scenario starts them apart.
  const Payload& initial_model(std::uint32_t server) const {
    BYZ_CHECK(server < initial_models_.size(), "every server has an initial model");
    return initial_models_[server];
  }
  std::uint64_t data_digest() const { return made_ ? made_->digest : 0; }
  /// How long messages travel, and how long nodes compute.
  const Delay& delay_between(NodeId sender, NodeId receiver) const {
    return delay_of(link_between(sender, receiver));
  }
  /// The exception among the scenario's links that holds between two nodes, if any, and its delay.
  std::optional<std::size_t> link_between(NodeId sender, NodeId receiver) const;
  const Delay& delay_of(std::optional<std::size_t> link) const {
    BYZ_CHECK(!link || *link < links_.size(), "an exception is one of the scenario's links");
    return link ? links_[*link].delay : network_delay_;
  }
  const Delay& gradient_time() const { return gradient_time_; }
  const Delay& aggregation_time() const { return aggregation_time_; }
  /// The memory that the process may use, in bytes; 0: unknown.
  std::uint64_t memory() const { return memory_; }
  /// Digests of the files that these draw from.
  std::vector<std::uint64_t> delay_contents() const;

  /// The training examples worker `index` draws from. Honest workers share the set out among
  /// themselves; a Byzantine one knows all data, so that leaving it out moves no correct share.
  std::uint32_t draw_example(std::int64_t worker, Stream& stream) const {
    return example_of(worker, stream.below(examples_of(worker)));
  }
  /// How many these are, and the one at a place below that. Of a run without numbers: 1.
  std::size_t examples_of(std::int64_t worker) const;
  std::uint32_t example_of(std::int64_t worker, std::size_t place) const;
  /// How many a worker's server takes it to have: a Byzantine one claims as many as the honest
  /// worker that has most.
  std::size_t examples_claimed_by(std::int64_t worker) const;

  /// How many values the rule for gradients, or for models, keeps at each node that aggregates by
  /// it; 0 for most rules.
  std::size_t kept_of_gradients() const { return kept_by(scenario_.workers); }
  std::size_t kept_of_models() const { return kept_by(scenario_.servers); }
  /// How many values an aggregation of gradients, or of models, of that many vectors makes and
  /// keeps, after one that left `memory`: more than dimension() where the rule remembers.
  std::size_t made_of_gradients(const Payload& memory, std::size_t vectors) const {
    return made_by(scenario_.workers, memory, vectors);
  }
  std::size_t made_of_models(const Payload& memory, std::size_t vectors) const {
    return made_by(scenario_.servers, memory, vectors);
  }
  /// The aggregation of gradients, on all threads: the dimension() values that it makes, then those
  /// that it keeps: vectors and numbers of every sender, then norms.
  std::vector<float> aggregate_gradients(const std::vector<Payload>& gradients,
                                         const Occasion& occasion) const;
  /// The aggregation of models, on all threads (servers) or on this one (workers).
  std::vector<float> aggregate_models(const std::vector<Payload>& models,
                                      const Occasion& occasion) const;
  std::vector<float> aggregate_models_here(const std::vector<Payload>& models,
                                           const Occasion& occasion) const;
  /// What the rule for models does to them, by its own counts. Aggregates them, on this thread.
  RuleCounts counts_of_models(const std::vector<Payload>& models, const Occasion& occasion) const;
  /// Whether an aggregation of models depends on the vectors and `missing` alone, not on who makes
  /// it when: then nodes may share what they make of the same.
  bool models_alone_decide() const;
  SharedAggregates& shared_aggregates() const { return shared_aggregates_; }
  /// The gradient of a worker at the given parameters, of the batch of that number.
  std::vector<float> gradient(std::int64_t worker, std::int64_t batch,
                              const std::vector<float>& parameters) const;
  /// The examples of that gradient, augmented and, a Byzantine worker's, poisoned.
  Batch<float> batch_of(std::int64_t worker, std::int64_t number) const;
  /// The gradient of a worker on all of its share: not augmented; a Byzantine worker's poisoned.
  std::vector<float> full_gradient(std::int64_t worker, const std::vector<float>& parameters) const;
  /// The gradient of a server on a batch of the examples that it holds itself.
  std::vector<float> root_gradient(std::uint32_t server, std::int64_t step,
                                   const std::vector<float>& parameters) const;
  /// The mean loss of that batch.
  double root_loss(std::uint32_t server, std::int64_t step, const float* parameters) const;
  /// The mean loss of that gradient's examples at the dimension() given parameters.
  double loss(std::int64_t worker, std::int64_t batch, const float* parameters) const;
  /// beta previous + (1 - beta) fresh, as worker momentum (ICLR 2021) is written; without
  /// `previous` it counts as zero.
  std::vector<float> momentum(const Payload& previous, std::vector<float> fresh) const;
  bool momentum_at_worker() const {
    return scenario_.momentum > 0 && scenario_.momentum_at == MomentumAt::worker;
  }
  bool momentum_at_server() const {
    return scenario_.momentum > 0 && scenario_.momentum_at == MomentumAt::server;
  }
  /// model - rate (direction + weight_decay model), with the rate of the step times `damping`.
  std::vector<float> descend(const Payload& model, std::span<const float> direction,
                             std::int64_t step, double damping = 1) const;

 private:
  // To be written: of the model's dimension.
  std::vector<float> spare_vector() const { return executor_.spare_vectors()->take(dimension()); }
  std::vector<float> aggregate(const Group& group, const std::vector<Payload>& vectors,
                               const Occasion& occasion, const Executor& executor,
                               RuleCounts* counts = nullptr) const;
  std::size_t kept_by(const Group& group) const;
  std::size_t made_by(const Group& group, const Payload& memory, std::size_t vectors) const;
  std::vector<float> memory_before(const Group& group, const Occasion& occasion) const;
  std::vector<std::uint32_t> examples_of_batch(std::int64_t worker, std::int64_t number,
                                               Stream& stream) const;
  void augment_batch(std::int64_t worker, std::int64_t number, Batch<float>& batch) const;
  void poison_batch(Batch<float>& batch) const;
  void make_graphs();
  void refuse_data(const DatasetSize& size) const;
  Batch<float> root_batch(std::uint32_t server, std::int64_t step) const;
  void make_root_shares();
  void add_example(std::size_t example, std::size_t row, Batch<float>& batch) const;
  void make_numbers(const std::string& data_root, std::shared_ptr<const MadeDataset> made);
  void make_all_shares();
  void make_initial_models(const std::string& data_root);
  std::vector<float> initial_parameters(const std::string& data_root) const;

  Scenario scenario_;
  const Executor& executor_;
  Executor this_thread_{1};
  Delay network_delay_;
  struct Link {
    NodeSet from, to;
    Delay delay;
  };
  std::vector<Link> links_;  // exceptions; the last that fits counts
  Delay gradient_time_;
  Delay aggregation_time_;
  Poisoning poisoning_;                      // of Byzantine workers' examples
  std::vector<Augmentation> augmentations_;  // of every worker's
  std::shared_ptr<const MadeDataset> made_;
  Shares shares_;  // of the honest workers; empty where each is made when it is asked for
  std::optional<SharesOnDemand> shares_on_demand_;
  std::size_t largest_share_ = 1;
  Shares root_shares_;  // by server; empty where they hold no examples
  std::unique_ptr<Model> model_;
  std::size_t dimension_ = 0;
  std::uint64_t memory_ = 0;
  std::vector<Payload> initial_models_;     // by server
  std::optional<Examples> triggered_test_;  // of a backdoor
  mutable SharedAggregates shared_aggregates_;
  mutable SharedDistances shared_distances_;
};

}  // namespace byzsim
