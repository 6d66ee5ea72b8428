// Which state machine an identity stands for, and which nodes it reaches.

#include "sim/run/machines.h"

#include <algorithm>

#include "core/check.h"
#include "core/input/archive.h"
#include "sim/scenario/halves.h"
#include "sim/scenario/participants.h"

namespace byzsim {

Machines::Machines(const std::shared_ptr<const Workload>& workload, const Protocol& protocol)
    : workload_(workload),
      make_node_(protocol.make_node),
      workers_on_demand_(protocol.draws_workers && draws_participants(workload->scenario())) {
  BYZ_CHECK(make_node_ != nullptr, "a protocol makes nodes");
  for (const Role role : {Role::server, Role::worker}) {
    if (!has_all(role)) continue;
    for (std::uint32_t i = 0; i < workload->scenario().group_of(role).count; ++i)
      nodes_[static_cast<std::size_t>(role)].emplace_back(make_node_(workload, {role, i}));
  }
  if (workers_on_demand_) unasked_ = make_node_(workload, {Role::worker, 0});
}

void Machines::add_twin(NodeId id) {
  BYZ_CHECK(workload_->scenario().is_byzantine(id), "only a Byzantine node is twins");
  BYZ_CHECK(!are_twins(id), "a node is twins once");
  twins_.emplace(id, Cloned<Node>(make_node_(workload_, id)));
}

const Node& Machines::at(const Machine& machine) const {
  const NodeId id = machine.id;
  BYZ_CHECK(id.index < count(id.role), "there is no " + to_string(id));
  BYZ_CHECK(machine.twin == 0 || (machine.twin == 1 && are_twins(id)),
            "only twins have a second state machine");
  if (machine.twin == 1) return *twins_.at(id);
  if (has_all(id.role)) return *nodes_[static_cast<std::size_t>(id.role)][id.index];
  const auto asked = asked_.find(id.index);
  return asked == asked_.end() ? *unasked_ : *asked->second;
}

Node& Machines::at(const Machine& machine) {
  const NodeId id = machine.id;
  if (machine.twin == 0 && !has_all(id.role) && !asked_.contains(id.index))
    asked_.emplace(id.index, Cloned<Node>(make_node_(workload_, id)));
  return const_cast<Node&>(std::as_const(*this).at(machine));
}

std::vector<NodeId> Machines::byzantine_in_a_step() const {
  std::vector<NodeId> all;
  const auto add = [&](NodeId id) {
    const std::vector<Awaited> awaits = at({id}).awaits();
    // It answers what it is asked next, which no honest node has answered before.
    if (!are_twins(id) && !awaits.empty() && !awaits.front().step) return;
    all.push_back(id);
  };
  for (const Role role : {Role::server, Role::worker}) {
    const Group& group = workload_->scenario().group_of(role);
    if (!has_all(role)) {
      for (const auto& [index, node] : asked_)
        if (index >= group.correct()) add({role, index});
      continue;
    }
    for (std::int64_t i = group.correct(); i < group.count; ++i)
      add({role, static_cast<std::uint32_t>(i)});
  }
  return all;
}

std::int64_t Machines::least_step_of(NodeId id) const {
  const auto twin = twins_.find(id);
  // What the slower of two can still ask for must be kept.
  return twin == twins_.end() ? step_of(id) : std::min(step_of(id), twin->second->step());
}

std::vector<NodeId> Machines::receivers_of(const Machine& source, const Send& send) const {
  const Audience audience = send.to;
  const Scenario& scenario = workload_->scenario();
  const auto hears = [&](NodeId receiver) {
    // Byzantine nodes hear both twins, as they are of one adversary; honest ones only the one of
    // their half.
    return !are_twins(source.id) || scenario.is_byzantine(receiver) ||
           half_of(scenario, receiver) == source.twin;
  };
  std::vector<NodeId> receivers;
  if (audience.neighbours) {
    const NodeGraph& graph = workload_->graph_at(exchanged_in(send.phase, send.step));
    for (const std::uint32_t i : graph.neighbours(source.id.index))
      if (hears({audience.role, i})) receivers.push_back({audience.role, i});
    return receivers;
  }
  const std::size_t all = count(audience.role);
  BYZ_CHECK(!audience.only || *audience.only < all, "a message is for a node of the run");
  const std::uint32_t first = audience.only.value_or(0);
  const std::size_t last = audience.only ? std::min<std::size_t>(all, first + 1) : all;
  for (std::uint32_t i = first; i < last; ++i) {
    const NodeId receiver{audience.role, i};
    // A node may address itself by name; a whole role never includes its sender.
    const bool meant = audience.only || receiver != source.id;
    if (meant && hears(receiver)) receivers.push_back(receiver);
  }
  return receivers;
}

std::size_t Machines::room_for(NodeId id, const Message& message) const {
  const std::size_t room = at({id}).room_for(message);
  const auto twin = twins_.find(id);
  // What one of the two can still use must not lose its values.
  return twin == twins_.end() ? room : std::max(room, twin->second->room_for(message));
}

void Machines::each_waiting(const PayloadVisit& visit) {
  for (auto& nodes : nodes_)
    for (Cloned<Node>& node : nodes) node->each_waiting(visit);
  for (auto& [index, node] : asked_) node->each_waiting(visit);
  for (auto& [id, twin] : twins_) twin->each_waiting(visit);
}

void Machines::walk(Archive& archive) {
  // Which workers were asked, so that they are there before their state is read.
  std::vector<std::uint32_t> asked;
  for (const auto& [index, node] : asked_) asked.push_back(index);
  archive(asked);
  for (const std::uint32_t index : asked) at({{Role::worker, index}});
  archive.all(*this, unchanged(workload_), unchanged(make_node_), unchanged(workers_on_demand_),
              nodes_, asked_, twins_, unchanged(unasked_));
}

}  // namespace byzsim
