#include "sim/nodes/learn_node.h"

#include <bit>

#include "core/check.h"
#include "core/input/archive.h"
#include "sim/nodes/neighbourhood.h"

namespace byzsim {
namespace {

// The others' vectors of a quorum in which a node's own has its place.
Inbox inbox_of_others(const Group& group, std::size_t dimension) {
  return {static_cast<std::size_t>(*group.quorum - 1), dimension};
}

}  // namespace

LearnNode::LearnNode(std::shared_ptr<const Workload> workload, NodeId id, Agreement agreement)
    : workload_(std::move(workload)),
      id_(id),
      agreement_(agreement),
      gradients_(inbox_of_others(workload_->scenario().workers, workload_->dimension())),
      agreements_(gradients_),
      models_(inbox_of_others(workload_->scenario().servers, workload_->dimension())),
      model_(workload_->initial_model(id_.index)) {}

// ceil(log2(t + 1)) is the number of binary digits of t.
std::int64_t LearnNode::rounds() const {
  return agreement_.rounds.value_or(
      static_cast<std::int64_t>(std::bit_width(static_cast<std::uint64_t>(step_))));
}

Actions LearnNode::begin_step() {
  Actions actions = {Adopt{step_, model_}};
  if (step_ == workload_->scenario().steps) return actions;
  said_ = gradient_at(workload_, id_.index, step_, model_, training_);
  phase_ = Phase::gradient;
  computing_ = true;
  actions.push_back(
      Compute{.phase = phase_, .step = step_, .result = said_, .batches = training_.steps});
  return actions;
}

Actions LearnNode::on_computed() {
  BYZ_CHECK(computing_, "a computation that ends was begun");
  computing_ = false;
  // Nothing is sent of the contracted model: the next step begins with it.
  if (phase_ == Phase::model) {
    ++step_;
    return begin_step();
  }
  Actions actions;
  // As at a server, the gather after step t is tagged t + 1.
  const std::int64_t step = phase_ == Phase::gather ? step_ + 1 : step_;
  if (phase_ == Phase::gather) actions.push_back(Gathering{step, said_});
  actions.push_back(
      Send{.to = kAllServers, .phase = phase_, .step = step, .vector = said_, .round = round_});
  // The others' quorum may have been complete before its own vector was.
  append(actions, begin_if_ready());
  return actions;
}

Reaction LearnNode::on_message(const Message& message) {
  const Verdict verdict = accept(message);
  return {verdict, begin_if_ready()};
}

std::size_t LearnNode::room_for(const Message& message) const {
  if (message.phase == Phase::gradient) return gradients_.room_for(message, step_);
  if (message.phase == Phase::gather) return models_.room_for(message, step_ + 1);
  return message.phase == Phase::agreement ? agreements_.room_for(message, step_) : 0;
}

void LearnNode::each_waiting(const PayloadVisit& visit) {
  gradients_.each_later(step_ + 1, visit);
  agreements_.each_later(step_ + 1, visit);
  models_.each_later(step_ + 1, visit);
}

// Its own vector is in every quorum.
std::vector<Awaited> LearnNode::awaits() const {
  if (computing_ || step_ == workload_->scenario().steps) return {};
  const bool gathers = phase_ == Phase::gather;
  const Inbox& inbox = gathers ? models_ : (phase_ == Phase::agreement ? agreements_ : gradients_);
  Awaited awaited = inbox.awaited(phase_, {gathers ? step_ + 1 : step_, round_});
  awaited.heard.insert(awaited.heard.begin(), {id_, said_});
  ++awaited.there;
  ++awaited.needed;
  return {std::move(awaited)};
}

Verdict LearnNode::accept(const Message& message) {
  const bool agreed = phase_ == Phase::gather || phase_ == Phase::model;
  switch (message.phase) {
    case Phase::gradient:
      return gradients_.accept(message, step_);
    case Phase::gather:
      return models_.accept(message, step_ + 1);
    case Phase::agreement:
      // Once the rounds of a step are over, what comes of them is stale: round_ is 0 again by
      // then.
      return agreements_.accept(message, {agreed ? step_ + 1 : step_, round_});
    default:
      return Verdict::malformed;
  }
}

Actions LearnNode::begin_if_ready() {
  if (computing_) return {};
  const Heard own = {id_, said_};
  if (phase_ == Phase::gradient && gradients_.complete(step_))
    return aggregate_with(with_own(gradients_.take(step_), own));
  if (phase_ == Phase::agreement && agreements_.complete({step_, round_}))
    return aggregate_with(with_own(agreements_.take({step_, round_}), own));
  if (phase_ == Phase::gather && models_.complete(step_ + 1))
    return contract_with(with_own(models_.take(step_ + 1), own));
  return {};
}

Actions LearnNode::aggregate_with(std::vector<Heard> heard) {
  const Phase aggregated = phase_;
  const std::size_t count = heard.size();
  Occasion occasion{id_, aggregated, step_, aggregate_};
  occasion.round = round_;
  occasion.own = place_of(id_, heard);
  occasion.senders = senders_of(heard);
  aggregate_ = aggregate_of(workload_, vectors_of(heard), occasion, gradient_memory_);
  Consume used{aggregated, step_, std::move(heard)};
  computing_ = true;
  round_ = aggregated == Phase::agreement ? round_ + 1 : 0;
  // The model descends after the last round: until then it is the aggregates that approach each
  // other.
  if (round_ < rounds()) {
    phase_ = Phase::agreement;
    said_ = aggregate_;
    return {
        std::move(used),
        Compute{
            .phase = phase_, .step = step_, .result = said_, .vectors = count, .round = round_}};
  }
  phase_ = Phase::gather;
  round_ = 0;
  const Payload direction = direction_of(workload_, aggregate_, server_momentum_);
  said_ = descend(workload_, model_, direction, step_);
  return {std::move(used), Compute{.phase = phase_,
                                   .step = step_ + 1,
                                   .result = said_,
                                   .vectors = count,
                                   .aggregated = aggregated}};
}

Actions LearnNode::contract_with(std::vector<Heard> heard) {
  const std::size_t count = heard.size();
  // A rule that goes on from a previous result begins at the node's own model.
  Occasion occasion{id_, Phase::gather, step_ + 1, said_};
  occasion.own = place_of(id_, heard);
  occasion.senders = senders_of(heard);
  model_ = contract(workload_, vectors_of(heard), occasion, model_memory_);
  phase_ = Phase::model;
  computing_ = true;
  return {Consume{Phase::gather, step_ + 1, std::move(heard)},
          Compute{.phase = Phase::model, .step = step_ + 1, .result = model_, .vectors = count}};
}

void LearnNode::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(agreement_), step_, phase_,
              round_, computing_, said_, gradients_, agreements_, models_, model_, aggregate_,
              training_, server_momentum_, gradient_memory_, model_memory_);
}

}  // namespace byzsim
