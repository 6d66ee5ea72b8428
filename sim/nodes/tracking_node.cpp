#include "sim/nodes/tracking_node.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/input/archive.h"
#include "sim/nodes/neighbourhood.h"

namespace byzsim {

TrackingNode::TrackingNode(SharedWorkload workload, NodeId id, std::int64_t timeout)
    : workload_(std::move(workload)),
      id_(id),
      timeout_(timeout),
      models_(inbox_of_neighbours(*workload_, id, Phase::gather)),
      trackers_(models_),
      model_(workload_->initial_model(id_.index)) {}

Actions TrackingNode::on_start() {
  Actions actions = {Adopt{step_, model_}};
  append(actions, compute_gradient());
  return actions;
}

Actions TrackingNode::compute_gradient() {
  if (step_ == workload_->scenario().steps) return {};
  state_ = State::computing_gradient;
  const Payload before = gradient_;
  gradient_ = direction_of(workload_, gradient_at(workload_, id_.index, step_, model_, training_),
                           server_momentum_);
  tracker_ = before ? tracked(workload_, combined_tracker_, gradient_, before) : gradient_;
  return {Compute{
      .phase = Phase::gradient, .step = step_, .result = gradient_, .batches = training_.steps}};
}

Actions TrackingNode::on_computed() {
  if (state_ == State::computing_gradient) return exchange();
  ++step_;
  Actions actions = {Adopt{step_, model_}};
  append(actions, compute_gradient());
  return actions;
}

Actions TrackingNode::exchange() {
  state_ = State::awaiting_neighbours;
  Actions actions;
  for (const auto& [round, vector] :
       {std::pair(kModelRound, model_), std::pair(kTrackerRound, tracker_)})
    actions.push_back(Send{.to = kNeighbours,
                           .phase = Phase::gather,
                           .step = step_ + 1,
                           .vector = vector,
                           .round = round});
  actions.push_back(Timer{timeout_, {TimerKind::models, step_}});
  append(actions, begin_if_ready());
  return actions;
}

Reaction TrackingNode::on_message(const Message& message) {
  const bool known = message.round == kModelRound || message.round == kTrackerRound;
  if (message.phase != Phase::gather || !known ||
      !workload_->graph_at(message.step - 1).joined(id_.index, message.sender.index))
    return {Verdict::malformed, {}};
  const Verdict verdict = inbox_of(message.round).accept(message, {step_ + 1, message.round});
  return {verdict, begin_if_ready()};
}

Actions TrackingNode::on_timer(const TimerName& name) {
  if (name.kind != TimerKind::models || name.step != step_ || state_ != State::awaiting_neighbours)
    return {};
  const auto waits_on = [&](std::int64_t round) {
    return patience_.waits_on(neighbours(),
                              inbox_of(round).awaited(Phase::gather, {step_ + 1, round}).heard);
  };
  if (name.number == 0 && (waits_on(kModelRound) || waits_on(kTrackerRound)))
    return {Timer{timeout_, {TimerKind::models, step_, 1}}};
  timed_out_ = true;
  return begin_if_ready();
}

std::size_t TrackingNode::room_for(const Message& message) const {
  if (message.phase != Phase::gather) return 0;
  const Inbox& inbox = message.round == kModelRound ? models_ : trackers_;
  return inbox.room_for(message, {step_ + 1, message.round});
}

void TrackingNode::each_waiting(const PayloadVisit& visit) {
  models_.each_later(step_ + 2, visit);
  trackers_.each_later({step_ + 2, kTrackerRound}, visit);
}

std::vector<Awaited> TrackingNode::awaits() const {
  if (state_ != State::awaiting_neighbours) return {};
  return {models_.awaited(Phase::gather, {step_ + 1, kModelRound}),
          trackers_.awaited(Phase::gather, {step_ + 1, kTrackerRound})};
}

bool TrackingNode::complete() const {
  return neighbours().empty() || (models_.complete({step_ + 1, kModelRound}) &&
                                  trackers_.complete({step_ + 1, kTrackerRound}));
}

std::vector<Heard> TrackingNode::take(std::int64_t round, const Payload& own) {
  return with_own(inbox_of(round).take_what_is_there({step_ + 1, round}), {id_, own});
}

Actions TrackingNode::begin_if_ready() {
  if (state_ != State::awaiting_neighbours || (!timed_out_ && !complete())) return {};
  timed_out_ = false;
  state_ = State::combining;
  std::vector<Heard> models = take(kModelRound, model_);
  std::vector<Heard> trackers = take(kTrackerRound, tracker_);
  patience_.end_step(neighbours(), trackers);
  const std::size_t count = models.size() + trackers.size();
  Combined combined = combine_on_graph(workload_, id_, {step_ + 1, Phase::gather, kModelRound},
                                       models, Absent::faulty, model_memory_);
  Combined of_trackers = combine_on_graph(workload_, id_, {step_ + 1, Phase::gather, kTrackerRound},
                                          trackers, Absent::faulty, tracker_memory_);
  combined_tracker_ = std::move(of_trackers.vector);
  model_ = descend(workload_, combined.vector, tracker_, step_);
  // Used as models: what it adopts is a step away from what a gather would make of them.
  return {
      Consume{
          Phase::model, step_ + 1, std::move(models), {}, {step_ + 1, std::move(combined.count)}},
      Consume{Phase::model,
              step_ + 1,
              std::move(trackers),
              {},
              {step_ + 1, std::move(of_trackers.count)}},
      Compute{.phase = Phase::model,
              .step = step_ + 1,
              .result = model_,
              .vectors = count,
              .aggregated = Phase::gather}};
}

void TrackingNode::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(timeout_), step_, state_,
              timed_out_, patience_, models_, trackers_, model_, gradient_, tracker_,
              combined_tracker_, training_, server_momentum_, model_memory_, tracker_memory_);
}

}  // namespace byzsim
