#include "sim/nodes/federated_server.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/input/archive.h"
#include "sim/scenario/participants.h"

namespace byzsim {
namespace {

// The clients whose vectors came, each as often as it was drawn.
std::vector<Heard> as_often_as_drawn(const std::vector<Heard>& heard,
                                     const std::vector<Participant>& participants) {
  std::vector<Heard> all;
  auto drawn = participants.begin();
  for (const Heard& each : heard) {
    while (drawn->client != each.sender.index) ++drawn;
    all.insert(all.end(), static_cast<std::size_t>(drawn->times), each);
  }
  return all;
}

// In proportion to the clients' examples; their sum is 1.
std::vector<double> weights_by_examples(const Workload& workload, const std::vector<Heard>& heard) {
  std::vector<double> weights;
  double sum = 0;
  for (const Heard& each : heard) {
    weights.push_back(static_cast<double>(workload.examples_claimed_by(each.sender.index)));
    sum += weights.back();
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

}  // namespace

FederatedServer::FederatedServer(SharedWorkload workload, NodeId id, FederatedSettings settings)
    : workload_(std::move(workload)),
      id_(id),
      settings_(settings),
      // It counts the answers itself: how many it waits for changes from round to round.
      answers_(static_cast<std::size_t>(workload_->scenario().workers.count) + 1,
               workload_->dimension()),
      model_(workload_->initial_model(id_.index)) {}

bool FederatedServer::takes_part(NodeId client) const {
  const auto place = std::lower_bound(
      participants_.begin(), participants_.end(), client.index,
      [](const Participant& each, std::uint32_t index) { return each.client < index; });
  return place != participants_.end() && place->client == client.index;
}

std::size_t FederatedServer::awaited() const {
  const auto quorum = static_cast<std::size_t>(*workload_->scenario().workers.quorum);
  return std::min(quorum, participants_.size());
}

Actions FederatedServer::begin_round() {
  updating_ = false;
  timed_out_ = false;
  Actions actions = {Adopt{step_, model_}};
  if (done()) return actions;
  participants_ = participants_at(workload_->scenario(), step_);
  for (const Participant& each : participants_)
    actions.push_back(Send{.to = just({Role::worker, each.client}),
                           .phase = Phase::model,
                           .step = step_,
                           .vector = model_});
  if (settings_.deadline)
    actions.push_back(Timer{*settings_.deadline, {TimerKind::gradients, step_}});
  append(actions, begin_if_ready());
  return actions;
}

Reaction FederatedServer::on_message(const Message& message) {
  // Nobody is asked before its round.
  if (message.phase != Phase::gradient || message.step > step_ || done())
    return {Verdict::malformed, {}};
  if (message.step == step_ && !takes_part(message.sender)) return {Verdict::malformed, {}};
  if (message.step == step_ && updating_) return {Verdict::late, {}};
  const Verdict verdict = answers_.accept(message, step_);
  return {verdict, begin_if_ready()};
}

std::size_t FederatedServer::room_for(const Message& message) const {
  const bool counts = message.phase == Phase::gradient && message.step >= step_ && !updating_;
  return counts ? kMostRoom : 0;
}

Actions FederatedServer::on_timer(const TimerName& name) {
  if (updating_ || name != TimerName{TimerKind::gradients, step_}) return {};
  timed_out_ = true;
  return begin_if_ready();
}

std::vector<Awaited> FederatedServer::awaits() const {
  if (done() || updating_) return {};
  Awaited awaits = answers_.awaited(Phase::gradient, step_);
  awaits.needed = awaited();
  return {std::move(awaits)};
}

Actions FederatedServer::begin_if_ready() {
  if (done() || updating_ || (!timed_out_ && answers_.count(step_) < awaited())) return {};
  return update_with(answers_.take_what_is_there(step_));
}

Actions FederatedServer::update_with(const std::vector<Heard>& heard) {
  updating_ = true;
  Actions actions;
  const std::vector<Heard> vectors = settings_.absentees == Absentees::cached
                                         ? with_absentees(heard)
                                         : as_often_as_drawn(heard, participants_);
  const Scenario& scenario = workload_->scenario();
  Aggregation aggregation = aggregation_of(scenario.workers);
  // What the scenario's check was given.
  const bool holds_examples = scenario.root_examples > 0;
  const Offered offered{.losses = holds_examples, .reference = holds_examples};
  aggregation.f = static_cast<int>(settings_.tolerated);
  const auto n = static_cast<std::int64_t>(vectors.size());
  if (n > 0 && !broken_condition(aggregation, n, scenario.unsafe, offered)) {
    // Kept vectors alone move the model where no client takes part.
    if (!heard.empty()) actions.push_back(Consume{Phase::gradient, step_, heard});
    model_ = moved_by(vectors);
  }
  actions.push_back(Compute{.phase = Phase::model,
                            .step = step_ + 1,
                            .result = model_,
                            .vectors = vectors.size(),
                            .aggregated = Phase::gradient});
  return actions;
}

std::vector<Heard> FederatedServer::with_absentees(const std::vector<Heard>& heard) {
  for (const Heard& each : heard) cached_[each.sender.index] = each.vector;
  const Payload nothing_yet = zero_of(workload_);
  std::vector<Heard> all;
  for (std::int64_t i = 0; i < workload_->scenario().workers.count; ++i) {
    const auto client = static_cast<std::uint32_t>(i);
    const auto latest = cached_.find(client);
    all.push_back({{Role::worker, client}, latest == cached_.end() ? nothing_yet : latest->second});
  }
  return all;
}

Payload FederatedServer::moved_by(const std::vector<Heard>& heard) {
  Occasion occasion{id_, Phase::gradient, step_, aggregate_};
  occasion.senders = senders_of(heard);
  occasion.tolerated = settings_.tolerated;
  occasion.model = model_;
  if (settings_.weights == ClientWeights::examples)
    occasion.weights = weights_by_examples(*workload_, heard);
  aggregate_ = aggregate_of(workload_, byzsim::vectors_of(heard), occasion, memory_);
  if (settings_.sent == Contribution::models) {
    // To the bit, which the model plus its distance from the aggregate is not.
    if (!workload_->momentum_at_server())
      return moved_towards(workload_, model_, aggregate_, optimizer_);
    const Payload update = step_from(workload_, model_, aggregate_);
    return moved_along(workload_, model_, direction_of(workload_, update, momentum_), optimizer_);
  }
  const Payload direction = direction_of(workload_, aggregate_, momentum_);
  if (settings_.sent == Contribution::updates)
    return moved_along(workload_, model_, direction, optimizer_);
  return moved_towards(workload_, model_, descend(workload_, model_, direction, step_), optimizer_);
}

Actions FederatedServer::on_computed() {
  BYZ_CHECK(updating_, "a computation that ends was begun");
  ++step_;
  return begin_round();
}

void FederatedServer::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(settings_), step_, updating_,
              timed_out_, participants_, answers_, cached_, model_, aggregate_, momentum_,
              optimizer_, memory_);
}

}  // namespace byzsim
