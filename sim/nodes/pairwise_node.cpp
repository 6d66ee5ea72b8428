#include "sim/nodes/pairwise_node.h"

#include <utility>

#include "core/check.h"
#include "core/input/archive.h"
#include "sim/nodes/neighbourhood.h"

namespace byzsim {

PairwiseNode::PairwiseNode(SharedWorkload workload, NodeId id, std::int64_t timeout)
    : workload_(std::move(workload)),
      id_(id),
      timeout_(timeout),
      model_(workload_->initial_model(id_.index)) {}

Actions PairwiseNode::begin_step() {
  Actions actions = {Adopt{step_, model_}};
  if (done()) return actions;
  state_ = State::computing_gradient;
  gradient_ = direction_of(workload_, gradient_at(workload_, id_.index, step_, model_, training_),
                           server_momentum_);
  actions.push_back(Compute{
      .phase = Phase::gradient, .step = step_, .result = gradient_, .batches = training_.steps});
  return actions;
}

// The neighbour that it asks in this step; none where it has none.
std::optional<NodeId> PairwiseNode::partner() const {
  const std::vector<std::uint32_t> drawn = workload_->graph_at(step_).peers_at(id_.index, step_, 1);
  return drawn.empty() ? std::nullopt : std::optional(NodeId{Role::server, drawn.front()});
}

Actions PairwiseNode::end_step() {
  ++step_;
  return begin_step();
}

Actions PairwiseNode::on_computed() {
  BYZ_CHECK(state_ != State::awaiting_answer, "nothing is computed while an answer is awaited");
  if (state_ == State::combining) return end_step();
  model_ = descend(workload_, model_, gradient_, step_);
  const auto other = partner();
  if (!other) return end_step();
  state_ = State::awaiting_answer;
  return {Send{.to = just(*other),
               .phase = Phase::gather,
               .step = step_ + 1,
               .vector = model_,
               .round = kOffer},
          Timer{timeout_, {TimerKind::answer, step_}}};
}

Actions PairwiseNode::combine_with(const Heard& other, std::int64_t step, std::int64_t round) {
  std::vector<Heard> both = with_own({other}, {id_, model_});
  Combined combined =
      combine_equally(workload_, id_, {step, Phase::gather, round}, both, 2, model_memory_);
  model_ = std::move(combined.vector);
  // Used as models: what it adopts later may be a step away from what a gather would make of them.
  return {Consume{.phase = Phase::model,
                  .step = step,
                  .heard = std::move(both),
                  .counts = {step_ + 1, std::move(combined.count)}}};
}

Reaction PairwiseNode::on_message(const Message& message) {
  if (message.phase != Phase::gather || message.sender.role != Role::server ||
      !workload_->graph_at(message.step - 1).joined(id_.index, message.sender.index) ||
      message.vector.dimension() != workload_->dimension())
    return {Verdict::malformed, {}};
  const Heard other{message.sender, message.vector};
  if (message.round == kOffer) {
    const auto [latest, first] = offered_.try_emplace(message.sender, message.step);
    if (!first && message.step <= latest->second)
      return {message.step == latest->second ? Verdict::duplicate : Verdict::stale, {}};
    latest->second = message.step;
    Actions actions = {Send{.to = just(message.sender),
                            .phase = Phase::gather,
                            .step = message.step,
                            .vector = model_,
                            .round = kAnswer}};
    // Its last model stands: others may still learn it.
    if (!done()) append(actions, combine_with(other, message.step, kOffer));
    return {Verdict::counted, std::move(actions)};
  }
  if (message.round != kAnswer || partner() != message.sender) return {Verdict::malformed, {}};
  if (message.step != step_ + 1 || state_ != State::awaiting_answer) return {Verdict::stale, {}};
  state_ = State::combining;
  Actions actions = combine_with(other, message.step, kAnswer);
  actions.push_back(Compute{.phase = Phase::model,
                            .step = step_ + 1,
                            .result = model_,
                            .vectors = 2,
                            .aggregated = Phase::gather});
  return {Verdict::counted, std::move(actions)};
}

Actions PairwiseNode::on_timer(const TimerName& name) {
  if (name != TimerName{TimerKind::answer, step_} || state_ != State::awaiting_answer) return {};
  return end_step();
}

std::size_t PairwiseNode::room_for(const Message& message) const {
  const bool answer = message.round == kAnswer;
  return message.phase == Phase::gather && (!answer || message.step > step_) ? kMostRoom : 0;
}

std::vector<Awaited> PairwiseNode::awaits() const {
  if (state_ != State::awaiting_answer) return {};
  return {{Phase::gather, step_ + 1, kAnswer, 1, 0, {}}};
}

void PairwiseNode::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(timeout_), step_, state_,
              offered_, model_, gradient_, training_, server_momentum_, model_memory_);
}

}  // namespace byzsim
