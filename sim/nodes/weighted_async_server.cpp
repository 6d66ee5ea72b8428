#include "sim/nodes/weighted_async_server.h"

#include <utility>

#include "core/check.h"
#include "core/input/archive.h"
#include "sim/nodes/inbox.h"

namespace byzsim {

WeightedAsyncServer::WeightedAsyncServer(SharedWorkload workload, NodeId id, double averaging)
    : workload_(std::move(workload)),
      id_(id),
      averaging_(averaging),
      assignments_(workload_->scenario().workers.count),
      model_(workload_->initial_model(id_.index)),
      descended_(model_) {
  BYZ_CHECK(averaging > 0 && averaging <= 1, "a model is averaged with a share of the new one");
}

bool WeightedAsyncServer::has_quorum() const {
  return latest_.size() >= static_cast<std::size_t>(*workload_->scenario().workers.quorum);
}

Actions WeightedAsyncServer::on_start() {
  Actions actions = {Adopt{0, model_}};
  append(actions, give_model(assignments_.workers()));
  return actions;
}

Actions WeightedAsyncServer::give_model(const std::vector<NodeId>& workers) {
  Actions actions;
  if (done()) return actions;
  for (const NodeId worker : workers) actions.push_back(assignments_.assign(worker, step_, model_));
  return actions;
}

Reaction WeightedAsyncServer::on_message(const Message& message) {
  const Verdict verdict = done() ? Verdict::late : assignments_.accept(message);
  if (verdict != Verdict::counted) return {verdict, {}};
  Latest& latest = latest_[message.sender.index];
  latest.vector = message.vector;
  ++latest.sent;
  arrived_.push_back(message.sender);
  Actions actions = {Consume{
      Phase::gradient, message.step, {{message.sender, message.vector}}, step_ - message.step}};
  append(actions, go_on());
  return {verdict, std::move(actions)};
}

Actions WeightedAsyncServer::go_on() {
  // Before the first update a worker that has answered waits for the others of the quorum: where
  // they never come, the run ends, stalled.
  if (done() || updating_ || arrived_.empty() || !has_quorum()) return {};
  used_ = std::exchange(arrived_, {});
  return {begin_update()};
}

Compute WeightedAsyncServer::begin_update() {
  updating_ = true;
  std::vector<Heard> heard;
  Occasion occasion{id_, Phase::gradient, step_, aggregate_};
  for (const auto& [worker, latest] : latest_) {
    heard.push_back({{Role::worker, worker}, latest.vector});
    occasion.weights.push_back(static_cast<double>(latest.sent));
  }
  occasion.senders = senders_of(heard);
  aggregate_ = aggregate_of(workload_, vectors_of(heard), occasion, memory_);
  const Payload direction = direction_of(workload_, aggregate_, momentum_);
  descended_ = descend(workload_, descended_, direction, step_);
  // model_ stays as it is until the update ends.
  next_ = averaging_ == 1
              ? descended_
              : combined(workload_, model_, descended_, [gamma = averaging_](double x, double w) {
                  return (1 - gamma) * x + gamma * w;
                });
  return {.phase = Phase::model,
          .step = step_ + 1,
          .result = next_,
          .vectors = heard.size(),
          .aggregated = Phase::gradient};
}

Actions WeightedAsyncServer::on_computed() {
  BYZ_CHECK(updating_, "a computation that ends was begun");
  updating_ = false;
  model_ = next_;
  Actions actions = {Adopt{++step_, model_}};
  append(actions, give_model(std::exchange(used_, {})));
  append(actions, go_on());
  return actions;
}

std::vector<Awaited> WeightedAsyncServer::awaits() const {
  if (done() || updating_) return {};
  return {{Phase::gradient, {}, 0, 1, 0, {}}};
}

void WeightedAsyncServer::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(averaging_), step_,
              assignments_, latest_, updating_, arrived_, used_, model_, descended_, next_,
              aggregate_, momentum_, memory_);
}

}  // namespace byzsim
