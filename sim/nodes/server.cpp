#include "sim/nodes/server.h"

#include "core/check.h"
#include "core/input/archive.h"

namespace byzsim {
Server::Server(std::shared_ptr<const Workload> workload, NodeId id, std::int64_t gather_period)
    : workload_(std::move(workload)),
      id_(id),
      gather_period_(gather_period),
      gradients_(static_cast<std::size_t>(*workload_->scenario().workers.quorum),
                 workload_->dimension()),
      gathered_(static_cast<std::size_t>(*workload_->scenario().servers.quorum),
                workload_->dimension()),
      model_(workload_->initial_model(id_.index)) {
  BYZ_CHECK(gather_period >= 0, "a period of gathers is positive, or 0 for none");
}

bool Server::gathers_after_step() const {
  return gather_period_ > 0 && (step_ + 1) % gather_period_ == 0;
}

Reaction Server::on_message(const Message& message) {
  if (message.phase == Phase::model) return {Verdict::malformed, {}};
  // The gather after step t is tagged t + 1: the step whose model it makes.
  const Verdict verdict = message.phase == Phase::gradient ? gradients_.accept(message, step_)
                                                           : gathered_.accept(message, step_ + 1);
  return {verdict, begin_if_ready()};
}

std::size_t Server::room_for(const Message& message) const {
  if (message.phase == Phase::model) return 0;
  return message.phase == Phase::gradient ? gradients_.room_for(message, step_)
                                          : gathered_.room_for(message, step_ + 1);
}

void Server::each_waiting(const PayloadVisit& visit) {
  gradients_.each_later(step_ + 1, visit);
  gathered_.each_later(step_ + 1, visit);
}

std::vector<Awaited> Server::awaits() const {
  if (step_ == workload_->scenario().steps) return {};
  if (state_ == State::awaiting_gradients) return {gradients_.awaited(Phase::gradient, step_)};
  if (state_ == State::awaiting_gather) return {gathered_.awaited(Phase::gather, step_ + 1)};
  return {};
}

Actions Server::begin_if_ready() {
  // The state decides what is looked at: gradients of a step may be complete while it still
  // computes the step before.
  if (state_ == State::awaiting_gradients && gradients_.complete(step_))
    return descend_with(gradients_.take(step_));
  if (state_ == State::awaiting_gather && gathered_.complete(step_ + 1))
    return contract_with(gathered_.take(step_ + 1));
  return {};
}

Actions Server::descend_with(std::vector<Heard> heard) {
  state_ = State::descending;
  Occasion occasion{id_, Phase::gradient, step_, aggregate_};
  occasion.senders = senders_of(heard);
  occasion.model = model_;
  aggregate_ = aggregate_of(workload_, mirrored(workload_, heard, step_, aggregate_, mirrors_),
                            occasion, gradient_memory_);
  const Payload direction = direction_of(workload_, aggregate_, momentum_);
  // There at once as a payload; in simulated time nobody is sent it before on_computed().
  model_ =
      moved_towards(workload_, model_, descend(workload_, model_, direction, step_), optimizer_);
  const std::size_t heard_count = heard.size();
  // Of what the result will be sent as: the draw of the computing time is named by it.
  const Phase next = gathers_after_step() ? Phase::gather : Phase::model;
  return {Consume{Phase::gradient, step_, std::move(heard)},
          Compute{.phase = next,
                  .step = step_ + 1,
                  .result = model_,
                  .vectors = heard_count,
                  .aggregated = Phase::gradient}};
}

Actions Server::contract_with(std::vector<Heard> heard) {
  state_ = State::contracting;
  Occasion occasion{id_, Phase::gather, step_ + 1, model_};
  occasion.own = place_of(id_, heard);
  occasion.senders = senders_of(heard);
  model_ = contract(workload_, vectors_of(heard), occasion, model_memory_);
  const std::size_t heard_count = heard.size();
  return {
      Consume{Phase::gather, step_ + 1, std::move(heard)},
      Compute{.phase = Phase::model, .step = step_ + 1, .result = model_, .vectors = heard_count}};
}

Actions Server::on_computed() {
  BYZ_CHECK(state_ == State::descending || state_ == State::contracting,
            "a computation that ends was begun");
  if (state_ == State::descending && gathers_after_step()) return begin_gather();
  ++step_;
  return adopt();
}

Actions Server::begin_gather() {
  state_ = State::awaiting_gather;
  // Where q others were faster than this server, its own comes too late and is in no quorum.
  gathered_.accept({id_, Phase::gather, step_ + 1, model_}, step_ + 1);
  Actions actions = {
      Gathering{step_ + 1, model_},
      Send{.to = kAllServers, .phase = Phase::gather, .step = step_ + 1, .vector = model_}};
  append(actions, begin_if_ready());
  return actions;
}

Actions Server::adopt() {
  state_ = State::awaiting_gradients;
  Actions actions = {Adopt{step_, model_}};
  if (step_ == workload_->scenario().steps) return actions;
  actions.push_back(
      Send{.to = kAllWorkers, .phase = Phase::model, .step = step_, .vector = model_});
  append(actions, begin_if_ready());
  return actions;
}

void Server::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(gather_period_), step_, state_,
              gradients_, gathered_, model_, aggregate_, momentum_, optimizer_, mirrors_,
              gradient_memory_, model_memory_);
}

}  // namespace byzsim
