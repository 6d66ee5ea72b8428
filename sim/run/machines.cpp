// Which state machine an identity stands for, and which nodes it reaches.

#include "sim/run/machines.h"

#include <algorithm>

#include "core/check.h"
#include "core/input/archive.h"
#include "sim/scenario/halves.h"

namespace byzsim {

Machines::Machines(const std::shared_ptr<const Workload>& workload, const Protocol& protocol)
    : workload_(workload), make_node_(protocol.make_node) {
  BYZ_CHECK(make_node_ != nullptr, "a protocol makes nodes");
  for (const Role role : {Role::server, Role::worker})
    for (std::uint32_t i = 0; i < workload->scenario().group_of(role).count; ++i)
      nodes_[static_cast<std::size_t>(role)].emplace_back(make_node_(workload, {role, i}));
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
  return machine.twin == 1 ? *twins_.at(id) : *nodes_[static_cast<std::size_t>(id.role)][id.index];
}

Node& Machines::at(const Machine& machine) {
  return const_cast<Node&>(std::as_const(*this).at(machine));
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
  for (auto& [id, twin] : twins_) twin->each_waiting(visit);
}

void Machines::walk(Archive& archive) {
  archive.all(*this, unchanged(workload_), unchanged(make_node_), nodes_, twins_);
}

}  // namespace byzsim
