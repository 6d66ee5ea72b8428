#include "sim/nodes/async_server.h"

#include "core/check.h"
#include "core/input/archive.h"
#include "sim/nodes/damping.h"

namespace byzsim {
namespace {

constexpr std::int64_t kMostRejected = 1000;  // of each worker, since the last update

}  // namespace

AsyncServer::AsyncServer(std::shared_ptr<const Workload> workload,
                         std::optional<KardamFilter> filter, std::optional<ZenoFilter> zeno)
    : workload_(std::move(workload)),
      filter_(std::move(filter)),
      zeno_(std::move(zeno)),
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
  if (const auto gradient = judged(message, actions))
    descend_with(message, *gradient, actions);
  else
    ++rejected_;
  // A filter that rejects that many in a row will never accept one: without another model the run
  // comes to its end, stalled.
  if (!done() && rejected_ < kMostRejected * workload_->scenario().workers.count)
    actions.push_back(assignments_.assign(worker, step_, model_));
  return {verdict, std::move(actions)};
}

// What the server steps along; nothing where its filter rejects the gradient.
std::optional<Payload> AsyncServer::judged(const Message& message, Actions& actions) {
  if (!filter_ && !zeno_) return message.vector;
  const NodeId worker = message.sender;
  std::optional<Payload> gradient = message.vector;
  if (zeno_) gradient = zeno_->passed(workload_, step_, model_, message.vector);
  // The model of the assignment is the one that the gradient is of: accept() has compared the keys.
  if (filter_ && !filter_->accepts(worker.index, assignments_.model_of(worker), message.vector))
    gradient.reset();
  actions.push_back(Judge{gradient.has_value(), worker});
  return gradient;
}

std::vector<Awaited> AsyncServer::awaits() const {
  if (done()) return {};
  return {{Phase::gradient, {}, 0, 1, 0, {}}};
}

void AsyncServer::descend_with(const Message& message, const Payload& gradient, Actions& actions) {
  const std::int64_t staleness = step_ - message.step;
  BYZ_CHECK(staleness >= 0, "a gradient was computed at a model that the server has had");
  // Zeno++ has no damping.
  const double damping =
      zeno_ ? 1 : damping_of(workload_->scenario().protocol.parameters, staleness);
  // The learning rate is that of the update, step_, not that of the older step that the gradient
  // is of; the damping alone accounts for the age.
  const Payload direction = direction_of(workload_, gradient, momentum_);
  model_ = descend(workload_, model_, direction, step_, damping);
  ++step_;
  rejected_ = 0;
  actions.push_back(
      Consume{Phase::gradient, message.step, {{message.sender, message.vector}}, staleness});
  actions.push_back(Adopt{step_, model_});
}

void AsyncServer::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), step_, filter_, zeno_, assignments_, rejected_, model_,
              momentum_);
}

}  // namespace byzsim
