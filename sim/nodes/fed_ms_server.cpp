#include "sim/nodes/fed_ms_server.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/input/archive.h"
#include "core/rules/rule.h"
#include "sim/scenario/participants.h"

namespace byzsim {

FedMsServer::FedMsServer(SharedWorkload workload, NodeId id, FedMsSettings settings)
    : workload_(std::move(workload)),
      id_(id),
      settings_(settings),
      // It counts the answers itself: how many it waits for changes from round to round.
      answers_(static_cast<std::size_t>(workload_->scenario().workers.count) + 1,
               workload_->dimension()),
      gathered_(static_cast<std::size_t>(*workload_->scenario().servers.quorum),
                workload_->dimension()),
      model_(workload_->initial_model(id_.index)),
      filtered_(model_) {}

std::size_t FedMsServer::awaited_clients() const {
  return static_cast<std::size_t>(std::min(*workload_->scenario().workers.quorum, clients_));
}

Actions FedMsServer::on_start() {
  Actions actions;
  if (!done())
    actions.push_back(Send{.to = kAllWorkers, .phase = Phase::model, .step = 0, .vector = model_});
  append(actions, begin_round(model_));
  return actions;
}

Actions FedMsServer::begin_round(const Payload& adopted) {
  state_ = State::awaiting_clients;
  timed_out_ = false;
  Actions actions = {Adopt{step_, adopted}};
  if (done()) return actions;
  clients_ = workers_that_draw(workload_->scenario(), id_.index, step_);
  if (settings_.deadline)
    actions.push_back(Timer{*settings_.deadline, {TimerKind::gradients, step_}});
  append(actions, begin_if_ready());
  return actions;
}

Reaction FedMsServer::on_message(const Message& message) {
  if (done()) return {Verdict::late, {}};
  if (message.phase == Phase::gather) {
    const Verdict verdict = gathered_.accept(message, step_ + 1);
    return {verdict, begin_if_ready()};
  }
  const bool meant =
      message.phase == Phase::gradient && message.step >= 0 &&
      server_drawn_by(workload_->scenario(), message.sender.index, message.step) == id_.index;
  // A Byzantine client has one server a round, too.
  if (!meant) return {Verdict::malformed, {}};
  const Verdict verdict = answers_.accept(message, step_);
  return {verdict, begin_if_ready()};
}

std::size_t FedMsServer::room_for(const Message& message) const {
  if (message.phase == Phase::gather) return gathered_.room_for(message, step_ + 1);
  return message.phase == Phase::gradient ? answers_.room_for(message, step_) : 0;
}

void FedMsServer::each_waiting(const PayloadVisit& visit) {
  answers_.each_later(step_ + 1, visit);
  gathered_.each_later(step_ + 1, visit);
}

Actions FedMsServer::on_timer(const TimerName& name) {
  if (state_ != State::awaiting_clients || name != TimerName{TimerKind::gradients, step_})
    return {};
  timed_out_ = true;
  return begin_if_ready();
}

std::vector<Awaited> FedMsServer::awaits() const {
  if (done()) return {};
  if (state_ == State::awaiting_servers) return {gathered_.awaited(Phase::gather, step_ + 1)};
  if (state_ != State::awaiting_clients) return {};
  Awaited awaits = answers_.awaited(Phase::gradient, step_);
  awaits.needed = awaited_clients();
  return {std::move(awaits)};
}

Actions FedMsServer::begin_if_ready() {
  if (done()) return {};
  if (state_ == State::awaiting_clients &&
      (timed_out_ || answers_.count(step_) >= awaited_clients()))
    return aggregate(answers_.take_what_is_there(step_));
  if (state_ == State::awaiting_servers && gathered_.complete(step_ + 1))
    return filter(gathered_.take(step_ + 1));
  return {};
}

bool FedMsServer::can_aggregate(std::size_t vectors) const {
  const Scenario& scenario = workload_->scenario();
  return vectors > 0 && !broken_condition(aggregation_of(scenario.workers),
                                          static_cast<std::int64_t>(vectors), scenario.unsafe, {});
}

Actions FedMsServer::aggregate(std::vector<Heard> heard) {
  state_ = State::aggregating;
  const std::size_t vectors = heard.size();
  Actions actions;
  if (can_aggregate(vectors)) {
    Occasion occasion{id_, Phase::gradient, step_, aggregate_};
    occasion.senders = senders_of(heard);
    aggregate_ = aggregate_of(workload_, vectors_of(heard), occasion, client_memory_);
    model_ = aggregate_;
    actions.push_back(Consume{Phase::gradient, step_, std::move(heard)});
  } else if (settings_.idle == IdleModel::zeros) {
    model_ = zero_of(workload_);
  }
  actions.push_back(Compute{.phase = Phase::model,
                            .step = step_ + 1,
                            .result = model_,
                            .vectors = vectors,
                            .aggregated = Phase::gradient});
  return actions;
}

Actions FedMsServer::share_model() {
  state_ = State::awaiting_servers;
  const std::int64_t next = step_ + 1;
  // Where q others were faster than this server, its own comes too late and is in no quorum.
  gathered_.accept({id_, Phase::gather, next, model_}, next);
  Actions actions;
  if (next < workload_->scenario().steps)
    actions.push_back(
        Send{.to = kAllWorkers, .phase = Phase::model, .step = next, .vector = model_});
  actions.push_back(Gathering{next, model_});
  actions.push_back(
      Send{.to = kAllServers, .phase = Phase::gather, .step = next, .vector = model_});
  append(actions, begin_if_ready());
  return actions;
}

Actions FedMsServer::filter(std::vector<Heard> heard) {
  state_ = State::filtering;
  const std::int64_t next = step_ + 1;
  Occasion occasion{id_, Phase::gather, next, filtered_};
  occasion.own = place_of(id_, heard);
  occasion.senders = senders_of(heard);
  filtered_ = contract(workload_, vectors_of(heard), occasion, server_memory_);
  const std::size_t vectors = heard.size();
  // The round sets it apart from the model that is sent to clients.
  return {Consume{Phase::gather, next, std::move(heard)}, Compute{.phase = Phase::model,
                                                                  .step = next,
                                                                  .result = filtered_,
                                                                  .vectors = vectors,
                                                                  .round = 1,
                                                                  .aggregated = Phase::gather}};
}

Actions FedMsServer::on_computed() {
  BYZ_CHECK(state_ == State::aggregating || state_ == State::filtering,
            "a computation that ends was begun");
  if (state_ == State::aggregating) return share_model();
  ++step_;
  return begin_round(filtered_);
}

void FedMsServer::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(settings_), step_, state_,
              timed_out_, clients_, answers_, gathered_, model_, filtered_, aggregate_,
              client_memory_, server_memory_);
}

}  // namespace byzsim
