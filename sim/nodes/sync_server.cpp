#include "sim/nodes/sync_server.h"

#include <algorithm>

#include "core/check.h"
#include "core/input/archive.h"

namespace byzsim {

SyncServer::SyncServer(SharedWorkload workload, NodeId id, SyncSettings settings)
    : workload_(std::move(workload)),
      id_(id),
      settings_(settings),
      gradients_(static_cast<std::size_t>(workload_->scenario().workers.count),
                 workload_->dimension()),
      gathered_(static_cast<std::size_t>(workload_->scenario().servers.count),
                workload_->dimension()),
      model_(workload_->initial_model(id_.index)) {
  BYZ_CHECK(settings.gather_period >= 1, "there is a step between two gathers");
  BYZ_CHECK(settings.timeout > 0, "a timeout is positive");
}

Reaction SyncServer::on_message(const Message& message) {
  switch (message.phase) {
    case Phase::request:
      return on_request(message);
    case Phase::gradient: {
      // Asked before accept(), which counts this one.
      const bool first = gradients_.count(step_) == 0;
      const Verdict verdict = gradients_.accept(message, step_);
      Actions actions = begin_if_ready();
      if (first && verdict == Verdict::counted && !done())
        actions.push_back(patience({TimerKind::gradients, step_}));
      return {verdict, std::move(actions)};
    }
    case Phase::gather: {
      const Verdict verdict = gathered_.accept(message, step_ + 1);
      return {verdict, begin_if_ready()};
    }
    default:
      return {Verdict::malformed, {}};
  }
}

std::size_t SyncServer::room_for(const Message& message) const {
  if (message.phase == Phase::gradient) return gradients_.room_for(message, step_);
  return message.phase == Phase::gather ? gathered_.room_for(message, step_ + 1) : kMostRoom;
}

void SyncServer::each_waiting(const PayloadVisit& visit) {
  gradients_.each_later(step_ + 1, visit);
  gathered_.each_later(step_ + 1, visit);
}

std::vector<Awaited> SyncServer::awaits() const {
  if (done()) return {};
  if (state_ == State::awaiting_gradients) return {gradients_.awaited(Phase::gradient, step_)};
  if (state_ == State::awaiting_gather) return {gathered_.awaited(Phase::gather, step_ + 1)};
  return {};
}

// A worker asks for the model of a step, a server for the one before the median of a gather.
Reaction SyncServer::on_request(const Message& message) {
  const Pull pull{message.sender, message.step, message.repeat};
  // Whoever is ahead of this server waits, and is answered when it gets there.
  if (can_answer(pull)) return {Verdict::counted, answer(pull)};
  waiting_.push_back(pull);
  return {Verdict::buffered, {}};
}

bool SyncServer::can_answer(const Pull& pull) const {
  if (pull.from.role == Role::worker) return pull.step <= step_;
  // The model for step_ + 1 is there once the descent is over; of the steps before, the latest
  // one will do.
  return gathering_ &&
         (pull.step <= step_ || (pull.step == step_ + 1 && state_ != State::awaiting_gradients &&
                                 state_ != State::descending));
}

// Never older than what was asked for, perhaps newer.
Actions SyncServer::answer(const Pull& pull) {
  if (pull.from.role == Role::worker)
    return {Send{.to = just(pull.from),
                 .phase = Phase::model,
                 .step = step_,
                 .vector = model_,
                 // Answers with one model have one key; the count tells them apart.
                 .repeat = answers_[pull.from]++}};
  return {Send{.to = just(pull.from),
               .phase = Phase::gather,
               .step = pull.step,
               .vector = gathering_,
               .repeat = pull.repeat}};
}

void SyncServer::answer_waiting(Actions& actions) {
  // In their order: the first to ask is the first to be answered.
  std::vector<Pull> still_waiting;
  for (const Pull& pull : waiting_) {
    if (!can_answer(pull)) {
      still_waiting.push_back(pull);
      continue;
    }
    append(actions, answer(pull));
  }
  waiting_ = std::move(still_waiting);
}

// A worker that a server has taken along may answer the last model, too.
Actions SyncServer::begin_if_ready() {
  if (done()) return {};
  if (state_ == State::awaiting_gradients && gradients_.complete(step_))
    return descend_with(gradients_.take(step_));
  if (state_ == State::awaiting_gather && gathered_.complete(step_ + 1))
    return contract_with(gathered_.take(step_ + 1));
  return {};
}

// From the first that sent on: the others may have met all f silent servers before they found one
// that answers.
Timer SyncServer::patience(const TimerName& name) const {
  return {times(settings_.timeout, workload_->scenario().servers.byzantine.declared + 1), name};
}

// What has arrived by then is all there will be.
Actions SyncServer::on_timer(const TimerName& name) {
  if (done() || name.step != step_) return {};
  // There is something to take: a first gradient started this timer, and a gather holds the
  // server's own model.
  if (name.kind == TimerKind::gradients && state_ == State::awaiting_gradients)
    return descend_with(gradients_.take_what_is_there(step_));
  if (name.kind == TimerKind::models && state_ == State::awaiting_gather)
    return contract_with(gathered_.take_what_is_there(step_ + 1));
  return {};
}

Actions SyncServer::descend_with(std::vector<Heard> heard) {
  state_ = State::descending;
  const std::int64_t missing =
      workload_->scenario().workers.count - static_cast<std::int64_t>(heard.size());
  Occasion occasion{id_, Phase::gradient, step_, aggregate_, missing};
  occasion.senders = senders_of(heard);
  occasion.model = model_;
  aggregate_ = aggregate_of(workload_, vectors_of(heard), occasion, gradient_memory_);
  const Payload direction = direction_of(workload_, aggregate_, momentum_);
  // model_ and gathering_ stay as they are: until the descent is over, who pulls is given those.
  descended_ = descend(workload_, model_, direction, step_);
  const std::size_t vectors = heard.size();
  const Phase next = gathers_after_step() ? Phase::gather : Phase::model;
  return {Consume{Phase::gradient, step_, std::move(heard)},
          Compute{.phase = next,
                  .step = step_ + 1,
                  .result = descended_,
                  .vectors = vectors,
                  .aggregated = Phase::gradient}};
}

Actions SyncServer::on_computed() {
  BYZ_CHECK(state_ == State::descending || state_ == State::contracting,
            "a computation that ends was begun");
  if (state_ == State::descending) gathering_ = descended_;
  if (state_ == State::descending && gathers_after_step()) return begin_gather();
  model_ = state_ == State::descending ? gathering_ : contracted_;
  ++step_;
  return adopt();
}

Actions SyncServer::begin_gather() {
  state_ = State::awaiting_gather;
  gathered_.accept({id_, Phase::gather, step_ + 1, gathering_}, step_ + 1);
  Actions actions = {Gathering{step_ + 1, gathering_},
                     Send{.to = kAllServers, .phase = Phase::request, .step = step_ + 1},
                     patience({TimerKind::models, step_})};
  answer_waiting(actions);
  append(actions, begin_if_ready());
  return actions;
}

Actions SyncServer::contract_with(std::vector<Heard> heard) {
  state_ = State::contracting;
  const std::int64_t missing =
      workload_->scenario().servers.count - static_cast<std::int64_t>(heard.size());
  Occasion occasion{id_, Phase::gather, step_ + 1, gathering_, missing};
  occasion.own = place_of(id_, heard);
  occasion.senders = senders_of(heard);
  contracted_ = contract(workload_, vectors_of(heard), occasion, model_memory_);
  const std::size_t vectors = heard.size();
  return {
      Consume{Phase::gather, step_ + 1, std::move(heard)},
      Compute{.phase = Phase::model, .step = step_ + 1, .result = contracted_, .vectors = vectors}};
}

Actions SyncServer::adopt() {
  state_ = State::awaiting_gradients;
  answers_.clear();
  Actions actions = {Adopt{step_, model_}};
  answer_waiting(actions);
  if (done()) return actions;
  // Those that came early were kept for this step and have started no timer.
  if (gradients_.count(step_) > 0) actions.push_back(patience({TimerKind::gradients, step_}));
  append(actions, begin_if_ready());
  return actions;
}

void SyncServer::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(settings_), step_, state_,
              gradients_, gathered_, model_, descended_, gathering_, aggregate_, momentum_,
              gradient_memory_, model_memory_, contracted_, waiting_, answers_);
}

}  // namespace byzsim
