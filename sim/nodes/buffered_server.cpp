#include "sim/nodes/buffered_server.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/input/archive.h"

namespace byzsim {

BufferedServer::BufferedServer(std::shared_ptr<const Workload> workload, NodeId id,
                               std::int64_t buffers)
    : workload_(std::move(workload)),
      id_(id),
      assignments_(workload_->scenario().workers.count),
      buffers_(static_cast<std::size_t>(buffers)),
      model_(workload_->initial_model(id_.index)) {
  BYZ_CHECK(buffers > 0, "a server has a buffer");
}

Actions BufferedServer::on_start() {
  Actions actions = {Adopt{0, model_}};
  for (const NodeId worker : assignments_.workers())
    actions.push_back(assignments_.assign(worker, 0, model_));
  return actions;
}

Reaction BufferedServer::on_message(const Message& message) {
  const Verdict verdict = done() ? Verdict::late : assignments_.accept(message);
  if (verdict != Verdict::counted) return {verdict, {}};
  fill(message);
  Actions actions = {Consume{Phase::gradient, message.step, {{message.sender, message.vector}}}};
  if (ready()) {
    waiting_ = message.sender;
    actions.push_back(begin_update());
  } else {
    actions.push_back(assignments_.assign(message.sender, step_, model_));
  }
  return {verdict, std::move(actions)};
}

void BufferedServer::fill(const Message& message) {
  Buffer& buffer = buffers_[message.sender.index % buffers_.size()];
  ++buffer.gradients;
  buffer.mean = running_mean(workload_, buffer.mean, message.vector, buffer.gradients);
}

// A buffer keeps the mean of its gradients alone.
std::vector<Awaited> BufferedServer::awaits() const {
  if (done() || updating_) return {};
  const auto filled = std::count_if(buffers_.begin(), buffers_.end(),
                                    [](const Buffer& buffer) { return buffer.gradients > 0; });
  return {{Phase::gradient, {}, 0, buffers_.size(), static_cast<std::size_t>(filled), {}}};
}

bool BufferedServer::ready() const {
  return !updating_ && std::all_of(buffers_.begin(), buffers_.end(),
                                   [](const Buffer& buffer) { return buffer.gradients > 0; });
}

Compute BufferedServer::begin_update() {
  std::vector<Payload> means;
  // Emptied now, not when the update is over: what arrives while it is computed counts for the
  // next.
  for (Buffer& buffer : buffers_) means.push_back(std::exchange(buffer, {}).mean);
  updating_ = true;
  aggregate_ =
      aggregate_of(workload_, means, {id_, Phase::gradient, step_, aggregate_}, gradient_memory_);
  const Payload direction = direction_of(workload_, aggregate_, momentum_);
  // model_ stays as it is: workers that answer during the update are given it.
  next_ = descend(workload_, model_, direction, step_);
  return {.phase = Phase::model,
          .step = step_ + 1,
          .result = next_,
          .vectors = means.size(),
          .aggregated = Phase::gradient};
}

Actions BufferedServer::on_computed() {
  BYZ_CHECK(updating_, "a computation that ends was begun");
  updating_ = false;
  model_ = next_;
  Actions actions = {Adopt{++step_, model_}};
  if (done()) return actions;
  if (const auto worker = std::exchange(waiting_, std::nullopt))
    actions.push_back(assignments_.assign(*worker, step_, model_));
  // Buffers that have filled during the update. Nobody waits then: those workers were given the
  // model before it at once.
  if (ready()) actions.push_back(begin_update());
  return actions;
}

void BufferedServer::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), step_, assignments_, buffers_, updating_,
              waiting_, model_, next_, aggregate_, momentum_, gradient_memory_);
}

}  // namespace byzsim
