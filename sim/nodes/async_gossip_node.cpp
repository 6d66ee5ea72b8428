#include "sim/nodes/async_gossip_node.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/input/archive.h"
#include "sim/nodes/neighbourhood.h"

namespace byzsim {

AsyncGossipNode::AsyncGossipNode(SharedWorkload workload, NodeId id,
                                 std::optional<std::int64_t> staleness)
    : workload_(std::move(workload)),
      id_(id),
      staleness_(staleness),
      model_(workload_->initial_model(id_.index)) {
  for (const auto& [step, graph] : workload_->graphs().all()) {
    const std::vector<std::uint32_t>& some = graph->neighbours(id_.index);
    senders_.insert(senders_.end(), some.begin(), some.end());
  }
  std::sort(senders_.begin(), senders_.end());
  senders_.erase(std::unique(senders_.begin(), senders_.end()), senders_.end());
  for (const std::uint32_t sender : senders_)
    latest_.push_back({0, workload_->initial_model(sender)});
}

Actions AsyncGossipNode::begin_step() {
  Actions actions = {Adopt{step_, model_}};
  if (step_ == workload_->scenario().steps) return actions;
  combining_ = false;
  gradient_ = gradient_at(workload_, id_.index, step_, model_, training_);
  actions.push_back(Compute{
      .phase = Phase::gradient, .step = step_, .result = gradient_, .batches = training_.steps});
  return actions;
}

Actions AsyncGossipNode::on_computed() {
  if (combining_) {
    ++step_;
    return begin_step();
  }
  gradient_ = direction_of(workload_, gradient_, server_momentum_);
  model_ = descend(workload_, model_, gradient_, step_);
  Actions actions = {
      Send{.to = kNeighbours, .phase = Phase::gather, .step = step_ + 1, .vector = model_}};
  append(actions, combine());
  return actions;
}

Actions AsyncGossipNode::combine() {
  combining_ = true;
  const std::int64_t step = step_ + 1;
  const NodeGraph& graph = workload_->graph_at(step_);
  std::vector<Heard> heard;
  for (std::size_t i = 0; i < latest_.size(); ++i)
    if (graph.joined(id_.index, senders_[i]) &&
        (!staleness_ || step - latest_[i].step <= *staleness_))
      heard.push_back({{Role::server, senders_[i]}, latest_[i].vector});
  heard = with_own(std::move(heard), {id_, model_});
  const std::size_t count = heard.size();
  Combined combined = combine_on_graph(workload_, id_, {step, Phase::gather, 0}, heard,
                                       Absent::late, model_memory_);
  model_ = std::move(combined.vector);
  return {Consume{Phase::gather, step, std::move(heard), {}, {step, std::move(combined.count)}},
          Compute{.phase = Phase::model,
                  .step = step,
                  .result = model_,
                  .vectors = count,
                  .aggregated = Phase::gather}};
}

std::optional<std::size_t> AsyncGossipNode::place_of_neighbour(NodeId sender) const {
  const auto place = std::lower_bound(senders_.begin(), senders_.end(), sender.index);
  if (sender.role != Role::server || place == senders_.end() || *place != sender.index)
    return std::nullopt;
  return static_cast<std::size_t>(place - senders_.begin());
}

Reaction AsyncGossipNode::on_message(const Message& message) {
  const auto place = place_of_neighbour(message.sender);
  if (message.phase != Phase::gather || !place ||
      !workload_->graph_at(message.step - 1).joined(id_.index, message.sender.index) ||
      message.vector.dimension() != workload_->dimension())
    return {Verdict::malformed, {}};
  Latest& latest = latest_[*place];
  if (message.step == latest.step) return {Verdict::duplicate, {}};
  // It was overtaken.
  if (message.step < latest.step) return {Verdict::stale, {}};
  latest = {message.step, message.vector};
  return {Verdict::counted, {}};
}

std::size_t AsyncGossipNode::room_for(const Message& message) const {
  const auto place = place_of_neighbour(message.sender);
  const bool useful = place && message.phase == Phase::gather &&
                      message.step > latest_[*place].step && step_ < workload_->scenario().steps;
  return useful ? kMostRoom : 0;
}

void AsyncGossipNode::each_waiting(const PayloadVisit& visit) {
  for (Latest& latest : latest_) visit(latest.vector);
}

void AsyncGossipNode::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(id_), unchanged(staleness_), step_, combining_,
              unchanged(senders_), latest_, model_, gradient_, training_, server_momentum_,
              model_memory_);
}

}  // namespace byzsim
