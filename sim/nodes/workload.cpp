#include "sim/nodes/workload.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "core/check.h"
#include "core/datasets/held_back.h"
#include "core/datasets/normalisation.h"
#include "core/exact/digest.h"
#include "core/machine/memory.h"
#include "core/models/model_file.h"
#include "core/models/optimizer.h"
#include "core/rates/rate.h"
#include "sim/nodes/memory_estimate.h"
#include "sim/scenario/participants.h"
#include "sim/world/draw_names.h"

namespace byzsim {
namespace {

// A rule knows the senders of its vectors unless they are grouped before.
void refuse_mixed_memory(const Group& group, const std::string& where) {
  if (!rules().at(group.aggregator.name).remembers()) return;
  for (const Choice& choice : group.pre)
    if (pre_aggregators().at(choice.name).outputs != nullptr)
      throw InputError({where,
                        fmt::format("{} remembers what each sender sent, which {} mixes",
                                    group.aggregator.name, choice.name),
                        "leave it out, or choose another rule"});
}

void refuse_more_than(std::uint64_t memory, double bytes, const std::string& what) {
  const double available = double(memory);
  // 0: the machine does not say.
  if (available == 0 || bytes <= available) return;
  throw InputError({"",
                    fmt::format("the run needs about {:.1f} GiB ({}), but the machine has "
                                "{:.1f} GiB",
                                bytes / kGiB, what, available / kGiB),
                    "use fewer examples, fewer nodes or a smaller model"});
}

std::shared_ptr<const MadeDataset> make_dataset(const Scenario& scenario,
                                                const DatasetInput& input) {
  Dataset dataset = datasets().at(scenario.data.name).make(input);
  normalise(dataset, scenario.normalise);
  Examples held_back;
  if (scenario.validation > 0) held_back = hold_back(dataset, scenario.validation, scenario.seed);
  const std::uint64_t digest = digest_of(dataset);
  return std::make_shared<const MadeDataset>(
      MadeDataset{scenario.data, scenario.normalise, scenario.seed, std::move(dataset), digest,
                  scenario.inputs, scenario.validation, std::move(held_back)});
}

// The parameters in the file that the scenario begins with.
std::vector<float> started_from(const Scenario& scenario, const std::string& data_root,
                                std::size_t dimension) {
  const std::string file = find_model_file(scenario.model_start, data_root);
  try {
    return read_model_file(file, dimension, scenario.model.name);
  } catch (const InputError& error) {
    Issues issues = error.issues();
    for (Issue& issue : issues) issue.where = "/model/start: " + issue.where;
    throw InputError(issues);
  }
}

// What a receiver keeps, as a rule is given it: the vectors and the numbers of every sender of the
// group, one sender after the other, then the norms of all vectors so far.
class Memory {
 public:
  Memory(std::vector<float> before, const Rule& rule, const Group& group, std::size_t dimension,
         const std::vector<std::int32_t>& senders, std::size_t vectors)
      : values_(std::move(before)) {
    const std::size_t of_vectors = rule.sender_vectors * dimension;
    const std::size_t of_sender = of_vectors + rule.sender_values;
    norms_ = static_cast<std::size_t>(group.count) * of_sender;
    new_norms_ = values_.size();
    if (rule.keeps_norms) values_.resize(new_norms_ + vectors);
    if (of_sender == 0) return;
    for (const std::int32_t sender : senders) {
      float* const kept = values_.data() + static_cast<std::size_t>(sender) * of_sender;
      for (std::size_t at = 0; at < of_vectors; at += dimension) vectors_.push_back(kept + at);
      if (rule.sender_values > 0) numbers_.push_back(kept + of_vectors);
    }
  }
  void offer_to(AggregationInput<float>& input) {
    input.memory = vectors_;
    input.values = numbers_;
    if (new_norms_ == values_.size()) return;
    input.norms = std::span<const float>(values_).subspan(norms_, new_norms_ - norms_);
    input.new_norms = values_.data() + new_norms_;
  }
  void append_to(std::vector<float>& made) const {
    made.insert(made.end(), values_.begin(), values_.end());
  }

 private:
  std::vector<float> values_;
  std::size_t norms_, new_norms_;  // where they begin
  std::vector<float*> vectors_, numbers_;
};

// What is wrong with the share of the examples that is held back.
std::optional<Issue> validation_problem(const Scenario& scenario, const DatasetSize& size) {
  if (scenario.validation == 0) return std::nullopt;
  const auto& plugin = datasets().at(scenario.data.name).declaration.plugin;
  if (plugin && plugin->is_interpreted())
    return Issue{"/data/validation",
                 scenario.data.name + " knows its examples by their numbers alone",
                 "leave it out, and hold examples back where they are"};
  const std::size_t held = held_back_of(scenario.validation, size.train);
  if (held < size.train) return std::nullopt;
  return Issue{
      "/data/validation",
      fmt::format("{} of {} training examples are held back, and none is left", held, size.train),
      "use a smaller share or more data"};
}

bool is_made_for(const Scenario& scenario, const std::shared_ptr<const MadeDataset>& made) {
  return made && made->choice == scenario.data && made->normalise == scenario.normalise &&
         made->seed == scenario.seed && made->inputs == scenario.inputs &&
         made->validation == scenario.validation;
}

}  // namespace

Workload::Workload(Scenario scenario, const Executor& executor, const std::string& data_root,
                   const Poisoning& poisoning, std::shared_ptr<const MadeDataset> made)
    : scenario_(std::move(scenario)),
      executor_(executor),
      network_delay_(make_delay(scenario_.delay, data_root)),
      gradient_time_(make_delay(scenario_.gradient_time, data_root)),
      aggregation_time_(make_delay(scenario_.aggregation_time, data_root)),
      poisoning_(poisoning),
      augmentations_(make_augmentations(scenario_.augmentation)),
      memory_(memory_bytes()) {
  if (scenario_.on_graph) make_graphs();
  // Before any data is read, as this needs none.
  refuse_more_than(memory_, bytes_of_messages(scenario_),
                   fmt::format("messages between {} servers and with {} workers",
                               scenario_.servers.count, scenario_.workers.count));
  BYZ_CHECK(scenario_.servers.quorum && scenario_.workers.quorum,
            "a workload is made of a resolved scenario");
  for (const LinkDelay& link : scenario_.links) {
    const auto from = parse_node_set(link.from), to = parse_node_set(link.to);
    BYZ_CHECK(from && to, "the ends of a link were checked to be sets of nodes");
    links_.push_back({*from, *to, make_delay(link.delay, data_root)});
  }
  if (scenario_.numbers == Numbers::none) {
    BYZ_CHECK(scenario_.dimension.has_value(), "a run without numbers names its dimension");
    dimension_ = static_cast<std::size_t>(*scenario_.dimension);
    initial_models_.assign(static_cast<std::size_t>(scenario_.servers.count),
                           Payload::blank(dimension_));
  } else {
    make_numbers(data_root, std::move(made));
  }
}

void Workload::make_graphs() {
  Issues issues;
  scenario_.graphs = make_node_graphs(scenario_, issues);
  throw_if_any(issues);
}

void Workload::refuse_data(const DatasetSize& size) const {
  Issues issues;
  if (auto issue = normalisation_problem(scenario_.normalise, size, "/data/normalise"))
    issues.push_back(*issue);
  if (auto issue = augmentation_problem(scenario_.augmentation, size.image, "/data/augmentation"))
    issues.push_back(*issue);
  const auto& plugin = datasets().at(scenario_.data.name).declaration.plugin;
  if (plugin && plugin->is_interpreted() && scenario_.normalise.name != "none")
    issues.push_back({"/data/normalise",
                      scenario_.data.name + " knows its examples by their numbers alone",
                      "leave it out, and prepare the examples where they are"});
  if (auto issue = validation_problem(scenario_, size)) issues.push_back(*issue);
  std::optional<std::string> problem;
  if (std::holds_alternative<FlippedLabels>(poisoning_) && size.classes == 0)
    problem = fmt::format("flips the labels of classes, but the data set {} has none",
                          scenario_.data.name);
  if (const auto* trigger = std::get_if<PixelTrigger>(&poisoning_))
    problem = trigger_problem(*trigger, size.image, size.classes);
  if (problem)
    issues.push_back({place_of_attack(scenario_, Role::worker),
                      scenario_.worker_attack.name + " " + *problem,
                      std::holds_alternative<FlippedLabels>(poisoning_)
                          ? "choose another attack or data set"
                          : "choose other parameters, another attack or data set"});
  throw_if_any(issues);
}

void Workload::make_numbers(const std::string& data_root, std::shared_ptr<const MadeDataset> made) {
  for (const Role role : {Role::server, Role::worker})
    refuse_mixed_memory(scenario_.group_of(role), place_of_group(scenario_, role) + "/pre");
  const DatasetEntry& entry = datasets().at(scenario_.data.name);
  const DatasetInput input{scenario_.data.parameters, scenario_.seed, data_root, executor_};
  const DatasetSize size = entry.size(input);
  // Before the data is made, which may take long.
  refuse_data(size);
  const DataShape shape{size.features, size.classes, size.image};
  const ModelEntry& model = models().at(scenario_.model.name);
  if (model.problem != nullptr)
    if (const auto problem = model.problem(scenario_.model.parameters, shape))
      throw InputError({"/model",
                        fmt::format("{} does not fit the data set {}: {}", scenario_.model.name,
                                    scenario_.data.name, *problem),
                        "choose another model or data set"});
  model_ = model.make(scenario_.model.parameters, shape);
  dimension_ = model_->dimension();
  refuse_more_than(
      memory_,
      bytes_of_run({scenario_, size, dimension_, executor_.threads(),
                    std::holds_alternative<PixelTrigger>(poisoning_)}),
      fmt::format("{:.1f} GiB of data, {} parameters on {} nodes", double(size.bytes()) / kGiB,
                  dimension_, scenario_.servers.count + scenario_.workers.count));
  if (!is_made_for(scenario_, made)) {
    made = nullptr;  // two data sets need not fit into memory
    made = make_dataset(scenario_, input);
  }
  made_ = std::move(made);
  make_all_shares();
  if (const auto* trigger = std::get_if<PixelTrigger>(&poisoning_))
    triggered_test_ = triggered(*trigger, dataset().test, dataset().image);
  make_root_shares();
  make_initial_models(data_root);
}

// Among the honest workers: a Byzantine one draws from all data.
void Workload::make_all_shares() {
  const PartitionEntry& entry = partitions().at(scenario_.partition.name);
  const PartitionInput input{scenario_.partition.parameters, dataset(),
                             static_cast<std::size_t>(scenario_.workers.correct()), scenario_.seed,
                             scenario_.on_graph ? "node" : "worker"};
  if (entry.on_demand != nullptr) {
    shares_on_demand_ = entry.on_demand(input);
    largest_share_ = shares_on_demand_->examples;
    return;
  }
  shares_ = make_shares(entry, input);
  for (const auto& share : shares_) largest_share_ = std::max(largest_share_, share.size());
}

std::vector<float> Workload::initial_parameters(const std::string& data_root) const {
  if (!scenario_.model_start.empty()) return started_from(scenario_, data_root, dimension_);
  std::vector<float> parameters(dimension_);
  model_->initialize(Stream(scenario_.seed, Purpose::initial_model, 0, 0), parameters);
  return parameters;
}

void Workload::make_initial_models(const std::string& data_root) {
  std::vector<float> parameters = initial_parameters(data_root);
  // One payload for all: servers that start equal share it.
  initial_models_.assign(static_cast<std::size_t>(scenario_.servers.count), Payload(parameters));
  BYZ_CHECK(scenario_.start.size() <= initial_models_.size(), "every start is of a server");
  for (std::size_t server = 0; server < scenario_.start.size(); ++server) {
    std::vector<float> apart = parameters;
    for (float& parameter : apart)
      // Rounded once.
      parameter = static_cast<float>(double(parameter) + scenario_.start[server]);
    initial_models_[server] = Payload(std::move(apart));
  }
}

std::optional<std::size_t> Workload::link_between(NodeId sender, NodeId receiver) const {
  // The last exception that fits counts, so that a scenario can refine the ones before it.
  for (std::size_t i = links_.size(); i-- > 0;)
    if (links_[i].from.contains(sender) && links_[i].to.contains(receiver)) return i;
  return std::nullopt;
}

std::vector<std::uint64_t> Workload::delay_contents() const {
  std::vector<std::uint64_t> contents;
  const auto add = [&](const Delay& delay) {
    if (delay.content_digest() != 0) contents.push_back(delay.content_digest());
  };
  // The order is part of the digest of draws.
  add(network_delay_);
  for (const Link& link : links_) add(link.delay);
  add(gradient_time_);
  add(aggregation_time_);
  return contents;
}

std::size_t Workload::kept_by(const Group& group) const {
  if (!has_numbers()) return 0;
  const Rule& rule = rules().at(group.aggregator.name);
  return static_cast<std::size_t>(group.count) *
         (rule.sender_vectors * dimension() + rule.sender_values);
}

std::size_t Workload::made_by(const Group& group, const Payload& memory,
                              std::size_t vectors) const {
  const Rule& rule = rules().at(group.aggregator.name);
  if (!has_numbers() || !rule.remembers()) return dimension();
  if (!rule.keeps_norms) return dimension() + kept_by(group);
  return (memory ? memory.dimension() : dimension() + kept_by(group)) + vectors;
}

std::vector<float> Workload::memory_before(const Group& group, const Occasion& occasion) const {
  const std::size_t kept = kept_by(group);
  if (kept > 0 && occasion.senders.empty())
    throw InputError({"/protocol",
                      fmt::format("{} remembers what each sender sent, and {} aggregates vectors "
                                  "that are of several",
                                  group.aggregator.name, scenario_.protocol.name),
                      "choose another protocol or rule"});
  const Rule& rule = rules().at(group.aggregator.name);
  if (!occasion.memory || !rule.remembers()) return std::vector<float>(kept);
  const std::vector<float>& before = occasion.memory.values();
  BYZ_CHECK(
      rule.keeps_norms ? before.size() >= dimension() + kept : before.size() == dimension() + kept,
      "an aggregate comes with what its rule keeps");
  return {before.begin() + static_cast<std::ptrdiff_t>(dimension()), before.end()};
}

std::vector<float> Workload::aggregate(const Group& group, const std::vector<Payload>& vectors,
                                       const Occasion& occasion, const Executor& executor,
                                       RuleCounts* counts) const {
  BYZ_CHECK(occasion.missing >= 0, "the nodes known to be faulty are counted");
  BYZ_CHECK(!occasion.own || *occasion.own < vectors.size(), "a receiver's own vector is there");
  BYZ_CHECK(occasion.senders.empty() || occasion.senders.size() == vectors.size(),
            "every vector has a sender");
  BYZ_CHECK(!occasion.previous || occasion.previous.dimension() == dimension(),
            "the aggregate before had the model's dimension");
  finish_all(vectors);
  std::vector<const float*> pointers;
  for (const Payload& vector : vectors) pointers.push_back(vector.values().data());
  Aggregation aggregation = aggregation_of(group);
  // Whoever is known to be faulty no longer hides among the others.
  aggregation.f = static_cast<int>(
      std::max<std::int64_t>(0, occasion.tolerated.value_or(aggregation.f) - occasion.missing));
  const Rule& rule = rules().at(group.aggregator.name);
  Memory memory(memory_before(group, occasion), rule, group, dimension(), occasion.senders,
                vectors.size());
  const std::vector<float> reference =
      rule.needs_reference
          ? root_gradient(occasion.receiver.index, occasion.step, occasion.model.values())
          : std::vector<float>();
  // Of the worker that the receiver is, too, on the examples of its next gradient; of a server on
  // those that it holds itself.
  const std::function<double(const float*)> loss_here = [&](const float* model) {
    return rule.needs_reference ? root_loss(occasion.receiver.index, occasion.step, model)
                                : loss(occasion.receiver.index, occasion.step, model);
  };
  AggregationInput<float> input{
      pointers,
      dimension(),
      occasion.previous ? occasion.previous.values().data() : nullptr,
      Stream(scenario_.seed, Purpose::aggregation, occasion.receiver.code(),
             draw_counter({occasion.step, occasion.phase, occasion.round})),
      occasion.own,
      occasion.senders};
  input.weights = occasion.weights;
  input.loss = &loss_here;
  input.model = rule.needs_reference ? occasion.model.values().data() : nullptr;
  input.reference = rule.needs_reference ? reference.data() : nullptr;
  const std::function<DistanceMatrix()> distances = [&] {
    return shared_distances_.of(vectors, executor);
  };
  // One receiver has nobody to share them with.
  if (scenario_.servers.count > 1) input.distances = &distances;
  input.counts = counts;
  memory.offer_to(input);
  std::vector<float> made = spare_vector();
  aggregate_into(aggregation, input, executor, made.data());
  memory.append_to(made);
  return made;
}

std::vector<float> Workload::aggregate_gradients(const std::vector<Payload>& gradients,
                                                 const Occasion& occasion) const {
  return aggregate(scenario_.workers, gradients, occasion, executor_);
}

std::vector<float> Workload::aggregate_models(const std::vector<Payload>& models,
                                              const Occasion& occasion) const {
  return aggregate(scenario_.servers, models, occasion, executor_);
}

std::vector<float> Workload::aggregate_models_here(const std::vector<Payload>& models,
                                                   const Occasion& occasion) const {
  return aggregate(scenario_.servers, models, occasion, this_thread_);
}

RuleCounts Workload::counts_of_models(const std::vector<Payload>& models,
                                      const Occasion& occasion) const {
  RuleCounts counts;
  aggregate(scenario_.servers, models, occasion, this_thread_, &counts);
  return counts;
}

bool Workload::models_alone_decide() const {
  const Group& servers = scenario_.servers;
  // On a graph every node has weights of its own.
  if (scenario_.graphs) return false;
  // A coordinate-wise rule uses neither draws nor the previous result nor the receiver's own
  // vector; a pre-aggregation may.
  return has_numbers() && servers.pre.empty() && rules().at(servers.aggregator.name).coordinatewise;
}

std::vector<float> Workload::momentum(const Payload& previous, std::vector<float> fresh) const {
  BYZ_CHECK(!previous || previous.dimension() == fresh.size(),
            "momentum has the dimension of what it is of");
  if (previous)
    average_into(fresh, previous.values(), scenario_.momentum);
  else
    // The first gradient counts (1 - beta), too: momentum starts from zero, not from it.
    average_into(fresh, std::vector<float>(fresh.size()), scenario_.momentum);
  return fresh;
}

std::vector<float> Workload::descend(const Payload& model, std::span<const float> direction,
                                     std::int64_t step, double damping) const {
  BYZ_CHECK(step >= 0, "steps are counted from 0");
  BYZ_CHECK(model.dimension() == direction.size(), "a direction has the model's dimension");
  std::vector<float> next = spare_vector();
  byzsim::descend(model.values(), direction, learning_rate(scenario_.rate, step) * damping,
                  scenario_.weight_decay, next);
  return next;
}

}  // namespace byzsim
