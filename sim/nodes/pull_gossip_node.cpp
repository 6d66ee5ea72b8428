#include "sim/nodes/pull_gossip_node.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/input/archive.h"
#include "sim/nodes/neighbourhood.h"

namespace byzsim {

PullGossipNode::PullGossipNode(SharedWorkload workload, NodeId id, std::int64_t peers,
                               std::int64_t timeout)
    : workload_(std::move(workload)),
      id_(id),
      peers_(peers),
      timeout_(timeout),
      answers_(inbox_of_neighbours(*workload_, id_, Phase::gather, peers)),
      model_(workload_->initial_model(id_.index)) {}

Actions PullGossipNode::begin_step() {
  Actions actions = {Adopt{step_, model_}};
  if (step_ == workload_->scenario().steps) return actions;
  state_ = State::computing_gradient;
  gradient_ = gradient_at(workload_, id_.index, step_, model_, training_);
  actions.push_back(Compute{
      .phase = Phase::gradient, .step = step_, .result = gradient_, .batches = training_.steps});
  return actions;
}

Actions PullGossipNode::on_computed() {
  if (state_ == State::combining) {
    ++step_;
    return begin_step();
  }
  gradient_ = direction_of(workload_, gradient_, server_momentum_);
  half_step_ = descend(workload_, model_, gradient_, step_);
  half_step_of_ = step_ + 1;
  state_ = State::awaiting_answers;
  Actions actions = pull();
  std::vector<Pull> still;
  for (const Pull& each : waiting_)
    if (each.step <= half_step_of_)
      actions.push_back(answer(each));
    else
      still.push_back(each);
  waiting_ = std::move(still);
  append(actions, begin_if_ready());
  return actions;
}

// A Byzantine node may have fewer neighbours than it is to draw.
std::vector<std::uint32_t> PullGossipNode::asked_in(std::int64_t step) const {
  return workload_->graph_at(step).peers_at(id_.index, step, peers_);
}

Actions PullGossipNode::pull() {
  Actions actions;
  for (const std::uint32_t peer : asked_in(step_))
    actions.push_back(
        Send{.to = just({Role::server, peer}), .phase = Phase::request, .step = half_step_of_});
  actions.push_back(Timer{timeout_, {TimerKind::models, step_}});
  return actions;
}

Action PullGossipNode::answer(const Pull& pull) const {
  return Send{.to = just(pull.from),
              .phase = Phase::gather,
              .step = pull.step,
              .vector = half_step_,
              .repeat = pull.repeat};
}

Reaction PullGossipNode::on_request(const Message& message) {
  const Pull pull{message.sender, message.step, message.repeat};
  // Tagged with what was asked for, whatever its own step.
  if (pull.step <= half_step_of_ && half_step_) return {Verdict::counted, {answer(pull)}};
  waiting_.push_back(pull);
  return {Verdict::buffered, {}};
}

// Nobody else has a place among the answers of a step.
bool PullGossipNode::is_asked(const Message& message) const {
  if (message.step < 1) return false;
  const std::vector<std::uint32_t> asked = asked_in(message.step - 1);
  return std::binary_search(asked.begin(), asked.end(), message.sender.index);
}

Reaction PullGossipNode::on_message(const Message& message) {
  if (message.sender.role != Role::server ||
      !workload_->graph_at(message.step - 1).joined(id_.index, message.sender.index))
    return {Verdict::malformed, {}};
  if (message.phase == Phase::request) return on_request(message);
  if (message.phase != Phase::gather) return {Verdict::malformed, {}};
  if (!is_asked(message)) return {Verdict::malformed, {}};
  const Verdict verdict = answers_.accept(message, step_ + 1);
  return {verdict, begin_if_ready()};
}

Actions PullGossipNode::on_timer(const TimerName& name) {
  if (name != TimerName{TimerKind::models, step_} || state_ != State::awaiting_answers) return {};
  timed_out_ = true;
  return begin_if_ready();
}

std::size_t PullGossipNode::room_for(const Message& message) const {
  if (message.phase == Phase::request) return kMostRoom;
  return message.phase == Phase::gather ? answers_.room_for(message, step_ + 1) : 0;
}

std::vector<Awaited> PullGossipNode::awaits() const {
  if (state_ != State::awaiting_answers) return {};
  return {answers_.awaited(Phase::gather, step_ + 1)};
}

Actions PullGossipNode::begin_if_ready() {
  if (state_ != State::awaiting_answers) return {};
  const std::size_t asked = asked_in(step_).size();
  if (asked > 0 && !timed_out_ && !answers_.complete(step_ + 1)) return {};
  timed_out_ = false;
  state_ = State::combining;
  std::vector<Heard> heard = with_own(answers_.take_what_is_there(step_ + 1), {id_, half_step_});
  const std::size_t count = heard.size();
  Combined combined = combine_equally(workload_, id_, {step_ + 1, Phase::gather, 0}, heard,
                                      asked + 1, model_memory_);
  model_ = std::move(combined.vector);
  return {
      Consume{
          Phase::gather, step_ + 1, std::move(heard), {}, {step_ + 1, std::move(combined.count)}},
      Compute{.phase = Phase::model,
              .step = step_ + 1,
              .result = model_,
              .vectors = count,
              .aggregated = Phase::gather}};
}

void PullGossipNode::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(peers_), unchanged(timeout_),
              step_, state_, timed_out_, answers_, waiting_, model_, gradient_, half_step_,
              half_step_of_, training_, server_momentum_, model_memory_);
}

}  // namespace byzsim
