#include "sim/nodes/gossip_node.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/input/archive.h"
#include "sim/nodes/neighbourhood.h"

namespace byzsim {

GossipNode::GossipNode(SharedWorkload workload, NodeId id, GossipSettings settings)
    : workload_(std::move(workload)),
      id_(id),
      settings_(settings),
      phase_(settings.exchanged == Exchanged::models ? Phase::model : Phase::gather),
      received_(inbox_of_neighbours(*workload_, id_, phase_)),
      model_(workload_->initial_model(id_.index)) {}

Actions GossipNode::begin_step() {
  Actions actions = {Adopt{step_, model_}};
  if (step_ == workload_->scenario().steps) return actions;
  state_ = State::computing_gradient;
  gradient_ = gradient_at(workload_, id_.index, step_, model_, training_);
  actions.push_back(Compute{
      .phase = Phase::gradient, .step = step_, .result = gradient_, .batches = training_.steps});
  if (settings_.exchanged == Exchanged::models) append(actions, exchange(model_));
  return actions;
}

// Half-steps of step t are tagged t + 1, as what servers gather is: the step whose model they make.
QuorumKey GossipNode::key() const { return phase_ == Phase::model ? step_ : step_ + 1; }

// To all neighbours at once; what is silent for longer than the timeout is faulty.
Actions GossipNode::exchange(const Payload& vector) {
  sent_ = vector;
  return {Send{.to = kNeighbours, .phase = phase_, .step = key().step, .vector = sent_},
          Timer{settings_.timeout, {TimerKind::models, step_}}};
}

Actions GossipNode::on_computed() {
  if (state_ == State::combining) {
    ++step_;
    return begin_step();
  }
  BYZ_CHECK(state_ == State::computing_gradient, "a computation that ends was begun");
  state_ = State::awaiting_neighbours;
  gradient_ = direction_of(workload_, gradient_, server_momentum_);
  Actions actions;
  if (settings_.exchanged != Exchanged::models) {
    const Payload half_step = descend(workload_, model_, gradient_, step_);
    const bool corrects = settings_.exchanged == Exchanged::corrected;
    actions = exchange(corrects ? corrected(half_step) : half_step);
  }
  append(actions, begin_if_ready());
  return actions;
}

Payload GossipNode::corrected(const Payload& half_step) {
  const Payload before = std::exchange(half_step_, half_step);
  return before ? tracked(workload_, half_step, model_, before) : half_step;
}

Reaction GossipNode::on_message(const Message& message) {
  const NodeGraph& graph = workload_->graph_at(exchanged_in(phase_, message.step));
  if (message.phase != phase_ || !graph.joined(id_.index, message.sender.index))
    return {Verdict::malformed, {}};
  const Verdict verdict = received_.accept(message, key());
  return {verdict, begin_if_ready()};
}

Actions GossipNode::on_timer(const TimerName& name) {
  if (name.kind != TimerKind::models || name.step != step_ || state_ == State::combining) return {};
  const bool is_first = name.number == 0;
  if (is_first && patience_.waits_on(neighbours(), received_.awaited(phase_, key()).heard))
    return {Timer{settings_.timeout, {TimerKind::models, step_, 1}}};
  timed_out_ = true;
  return begin_if_ready();
}

std::size_t GossipNode::room_for(const Message& message) const {
  return message.phase == phase_ ? received_.room_for(message, key()) : 0;
}

void GossipNode::each_waiting(const PayloadVisit& visit) {
  received_.each_later(key().step + 1, visit);
}

std::vector<Awaited> GossipNode::awaits() const {
  if (state_ != State::awaiting_neighbours) return {};
  return {received_.awaited(phase_, key())};
}

Actions GossipNode::begin_if_ready() {
  if (state_ != State::awaiting_neighbours) return {};
  if (!neighbours().empty() && !timed_out_ && !received_.complete(key())) return {};
  timed_out_ = false;
  std::vector<Heard> heard = received_.take_what_is_there(key());
  patience_.end_step(neighbours(), heard);
  return combine_with(std::move(heard));
}

Actions GossipNode::combine_with(std::vector<Heard> heard) {
  state_ = State::combining;
  std::vector<Heard> all = with_own(std::move(heard), {id_, sent_});
  const std::size_t count = all.size();
  Combined combined =
      combine_on_graph(workload_, id_, {step_ + 1, phase_, 0}, all, Absent::faulty, model_memory_);
  switch (settings_.exchanged) {
    case Exchanged::half_steps:
      model_ = std::move(combined.vector);
      break;
    case Exchanged::models:
      model_ = descend(workload_, combined.vector, gradient_, step_);
      break;
    case Exchanged::corrected:
      model_ = midway(workload_, sent_, combined.vector);
      break;
  }
  return {Consume{phase_, key().step, std::move(all), {}, {step_ + 1, std::move(combined.count)}},
          Compute{.phase = Phase::model,
                  .step = step_ + 1,
                  .result = model_,
                  .vectors = count,
                  .aggregated = phase_}};
}

void GossipNode::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(settings_), unchanged(phase_),
              step_, state_, timed_out_, patience_, received_, model_, gradient_, sent_, half_step_,
              training_, server_momentum_, model_memory_);
}

}  // namespace byzsim
