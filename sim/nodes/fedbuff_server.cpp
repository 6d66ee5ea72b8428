#include "sim/nodes/fedbuff_server.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/input/archive.h"
#include "core/participations/participation.h"
#include "sim/nodes/damping.h"
#include "sim/nodes/inbox.h"

namespace byzsim {

FedbuffServer::FedbuffServer(SharedWorkload workload, NodeId id, FedbuffSettings settings)
    : workload_(std::move(workload)),
      id_(id),
      settings_(settings),
      assignments_(workload_->scenario().workers.count),
      model_(workload_->initial_model(id_.index)) {
  BYZ_CHECK(settings.buffer > 0, "a buffer has room for an answer");
}

Actions FedbuffServer::on_start() {
  Actions actions = {Adopt{0, model_}};
  if (!settings_.at_once) {
    for (const NodeId worker : assignments_.workers())
      actions.push_back(assignments_.assign(worker, 0, model_));
    return actions;
  }
  for (std::int64_t i = 0; i < *settings_.at_once; ++i)
    actions.push_back(assignments_.assign({Role::worker, drawn_idle()}, 0, model_));
  return actions;
}

// Uniformly among those that do not train now.
std::uint32_t FedbuffServer::drawn_idle() {
  const Scenario& scenario = workload_->scenario();
  Stream stream(scenario.seed, Purpose::participation, 1, static_cast<std::uint64_t>(drawn_++));
  const auto clients = static_cast<std::uint64_t>(scenario.workers.count);
  BYZ_CHECK(training_.size() < clients, "a client is idle");
  auto client = static_cast<std::uint32_t>(stream.below(clients));
  while (training_.contains(client)) client = static_cast<std::uint32_t>(stream.below(clients));
  training_.insert(client);
  return client;
}

Send FedbuffServer::give_next(NodeId answered) {
  if (!settings_.at_once) return assignments_.assign(answered, step_, model_);
  training_.erase(answered.index);
  return assignments_.assign({Role::worker, drawn_idle()}, step_, model_);
}

Reaction FedbuffServer::on_message(const Message& message) {
  const Verdict verdict = done() ? Verdict::late : assignments_.accept(message);
  if (verdict != Verdict::counted) return {verdict, {}};
  Actions actions = {Consume{
      Phase::gradient, message.step, {{message.sender, message.vector}}, step_ - message.step}};
  kept_.push_back({message.sender, damped(message)});
  if (settings_.buffer == 1) {
    move_at_once(actions);
    if (!done()) actions.push_back(give_next(message.sender));
  } else if (ready()) {
    waiting_ = message.sender;
    actions.push_back(begin_update());
  } else {
    actions.push_back(give_next(message.sender));
  }
  return {verdict, std::move(actions)};
}

// What the answer comes to now, as a step of the server's model.
Payload FedbuffServer::damped(const Message& message) const {
  const std::int64_t staleness = step_ - message.step;
  BYZ_CHECK(staleness >= 0, "a client trained from a model that the server has had");
  const double factor = damping_of(workload_->scenario().protocol.parameters, staleness);
  const Payload step = settings_.sent == Contribution::models
                           ? step_from(workload_, model_, message.vector)
                           : message.vector;
  return factor == 1 ? step : scaled(workload_, step, factor);
}

Payload FedbuffServer::moved_by(const Payload& aggregate) {
  const Payload direction = direction_of(workload_, aggregate, momentum_);
  if (settings_.sent != Contribution::gradients)
    return moved_along(workload_, model_, direction, optimizer_);
  return moved_towards(workload_, model_, descend(workload_, model_, direction, step_), optimizer_);
}

void FedbuffServer::move_at_once(Actions& actions) {
  model_ = moved_by(std::exchange(kept_, {}).front().vector);
  ++step_;
  actions.push_back(Adopt{step_, model_});
}

Compute FedbuffServer::begin_update() {
  // By sender, as in every quorum, so that ties of the rule do not depend on who answered first.
  std::stable_sort(kept_.begin(), kept_.end(),
                   [](const Heard& a, const Heard& b) { return a.sender < b.sender; });
  updating_ = true;
  Occasion occasion{id_, Phase::gradient, step_, aggregate_};
  occasion.senders = senders_of(kept_);
  occasion.tolerated = settings_.tolerated;
  aggregate_ = aggregate_of(workload_, vectors_of(kept_), occasion, memory_);
  const std::size_t answers = std::exchange(kept_, {}).size();
  // model_ stays as it is: clients that answer during the update are given it.
  next_ = moved_by(aggregate_);
  return {.phase = Phase::model,
          .step = step_ + 1,
          .result = next_,
          .vectors = answers,
          .aggregated = Phase::gradient};
}

Actions FedbuffServer::on_computed() {
  BYZ_CHECK(updating_, "a computation that ends was begun");
  updating_ = false;
  model_ = next_;
  Actions actions = {Adopt{++step_, model_}};
  if (done()) return actions;
  if (const auto worker = std::exchange(waiting_, std::nullopt))
    actions.push_back(give_next(*worker));
  if (ready()) actions.push_back(begin_update());
  return actions;
}

std::vector<Awaited> FedbuffServer::awaits() const {
  if (done() || updating_) return {};
  return {{Phase::gradient, {}, 0, settings_.buffer, kept_.size(), kept_}};
}

void FedbuffServer::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(settings_), step_,
              assignments_, training_, drawn_, kept_, updating_, waiting_, model_, next_,
              aggregate_, momentum_, optimizer_, memory_);
}

}  // namespace byzsim
