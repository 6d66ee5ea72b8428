#include "sim/nodes/worker.h"

#include <utility>

#include "core/check.h"
#include "core/input/archive.h"
#include "sim/scenario/participants.h"

namespace byzsim {

Worker::Worker(std::shared_ptr<const Workload> workload, NodeId id, Contribution sent,
               Answered answered)
    : workload_(std::move(workload)),
      id_(id),
      sent_(sent),
      answered_(answered),
      models_(static_cast<std::size_t>(*workload_->scenario().servers.quorum),
              workload_->dimension()) {}

Reaction Worker::on_message(const Message& message) {
  if (message.phase != Phase::model) return {Verdict::malformed, {}};
  const Verdict verdict = models_.accept(message, step_);
  return {verdict, begin_if_ready()};
}

std::size_t Worker::room_for(const Message& message) const {
  return message.phase == Phase::model ? models_.room_for(message, step_) : 0;
}

void Worker::each_waiting(const PayloadVisit& visit) { models_.each_later(step_ + 1, visit); }

std::vector<Awaited> Worker::awaits() const {
  if (computing_ || step_ >= workload_->scenario().steps) return {};
  return {models_.awaited(Phase::model, step_)};
}

Actions Worker::begin_if_ready() {
  if (computing_ || !models_.complete(step_)) return {};
  std::vector<Heard> heard = models_.take(step_);
  Occasion occasion{id_, Phase::model, step_, Payload()};
  occasion.senders = senders_of(heard);
  const Payload point = point_of(workload_, vectors_of(heard), occasion, model_memory_);
  WorkerAnswer answer = answer_at(workload_, id_, {step_, Phase::gradient, 0}, point, training_,
                                  algorithm_memory_, sent_);
  gradient_ = std::move(answer.vector);
  compressed_ = std::move(answer.compressed);
  computing_ = true;
  return {Consume{Phase::model, step_, std::move(heard)},
          Compute{.phase = Phase::gradient,
                  .step = step_,
                  .result = compressed_ ? compressed_ : gradient_,
                  .batches = answer.batches}};
}

Audience Worker::audience() const {
  if (answered_ == Answered::all_servers) return kAllServers;
  return just({Role::server, server_drawn_by(workload_->scenario(), id_.index, step_)});
}

Actions Worker::on_computed() {
  BYZ_CHECK(computing_, "a computation that ends was begun");
  computing_ = false;
  Actions actions = {Send{.to = audience(),
                          .phase = Phase::gradient,
                          .step = step_,
                          .vector = gradient_,
                          .compressed = compressed_}};
  // Counted when the gradient is sent, not when its quorum is taken: a node is in a step until
  // it has answered it.
  ++step_;
  append(actions, begin_if_ready());
  return actions;
}

void Worker::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(sent_), unchanged(answered_),
              step_, computing_, models_, gradient_, compressed_, training_, algorithm_memory_,
              model_memory_);
}

}  // namespace byzsim
