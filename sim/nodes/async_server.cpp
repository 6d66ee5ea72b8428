#include "sim/nodes/async_server.h"

#include "core/check.h"
#include "core/input/archive.h"
#include "sim/nodes/damping.h"

namespace byzsim {

AsyncServer::AsyncServer(std::shared_ptr<const Workload> workload,
                         std::optional<KardamFilter> filter)
    : workload_(std::move(workload)),
      filter_(std::move(filter)),
      assignments_(workload_->scenario().workers.count),
      model_(workload_->initial_model(0)) {}

Actions AsyncServer::on_start() {
  Actions actions = {Adopt{0, model_}};
  for (const NodeId worker : assignments_.workers())
    actions.push_back(assignments_.assign(worker, 0, model_));
  return actions;
}

Reaction AsyncServer::on_message(const Message& message) {
  const Verdict verdict = done() ? Verdict::late : assignments_.accept(message);
  if (verdict != Verdict::counted) return {verdict, {}};
  const NodeId worker = message.sender;
  Actions actions;
  bool accepted = true;
  if (filter_) {
    // The model of the assignment is the one that the gradient is of: accept() has compared the
    // keys.
    accepted = filter_->accepts(worker.index, assignments_.model_of(worker), message.vector);
    actions.push_back(Judge{accepted, worker});
  }
  if (accepted) descend_with(message, actions);
  if (!done()) actions.push_back(assignments_.assign(worker, step_, model_));
  return {verdict, std::move(actions)};
}

std::vector<Awaited> AsyncServer::awaits() const {
  if (done()) return {};
  return {{Phase::gradient, {}, 0, 1, 0, {}}};
}

void AsyncServer::descend_with(const Message& message, Actions& actions) {
  const std::int64_t staleness = step_ - message.step;
  BYZ_CHECK(staleness >= 0, "a gradient was computed at a model that the server has had");
  const double damping = damping_of(workload_->scenario().protocol.parameters, staleness);
  // The learning rate is that of the update, step_, not that of the older step that the gradient
  // is of; the damping alone accounts for the age.
  const Payload direction = direction_of(workload_, message.vector, momentum_);
  model_ = descend(workload_, model_, direction, step_, damping);
  ++step_;
  actions.push_back(
      Consume{Phase::gradient, message.step, {{message.sender, message.vector}}, staleness});
  actions.push_back(Adopt{step_, model_});
}

void AsyncServer::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), step_, filter_, assignments_, model_, momentum_);
}

}  // namespace byzsim
