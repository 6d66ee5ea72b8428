#include "tools/timeline.h"

namespace byzsim {
namespace {

template <class Kind>
Json names_of(std::size_t count) {
  Json names = Json::array();
  for (std::size_t i = 0; i < count; ++i) names.push_back(to_string(static_cast<Kind>(i)));
  return names;
}

Json nodes_of(const Scenario& scenario) {
  Json nodes = Json::array();
  for (const Role role : {Role::server, Role::worker})
    for (std::int64_t i = 0; i < scenario.group_of(role).count; ++i) {
      const NodeId node{role, static_cast<std::uint32_t>(i)};
      nodes.push_back({{"name", to_string(node)}, {"byzantine", scenario.is_byzantine(node)}});
    }
  return nodes;
}

}  // namespace

void Timeline::see(const Occurrence& occurrence) {
  if (!whole_ || !(occurrence.message || occurrence.computed)) return;
  if (occurrence.message && arrivals_.size() == capacity_) {
    whole_ = false;
    return;
  }
  until_ = occurrence.time;
  if (occurrence.message) {
    const Message& message = *occurrence.message;
    arrivals_.push_back({message.sender, occurrence.target, message.phase, message.step,
                         occurrence.sent, occurrence.time, *occurrence.verdict,
                         wire_bytes(message)});
  }
  if (occurrence.computed)
    computations_.push_back({occurrence.target, *occurrence.computed, occurrence.step,
                             occurrence.begun, occurrence.time});
}

Json Timeline::to_json(const Scenario& scenario) const {
  const auto place = [&](NodeId node) {
    return node.index + (node.role == Role::worker ? scenario.servers.count : 0);
  };
  Json messages = Json::array(), computations = Json::array();
  for (const Arrival& each : arrivals_)
    messages.push_back(Json::array({place(each.sender), place(each.receiver), each.phase, each.step,
                                    each.sent, each.received, each.verdict, each.bytes}));
  for (const Computation& each : computations_)
    computations.push_back(
        Json::array({place(each.node), each.phase, each.step, each.begun, each.ended}));
  return {{"nodes", nodes_of(scenario)},
          {"phases", names_of<Phase>(kPhases)},
          {"verdicts", names_of<Verdict>(kVerdicts)},
          {"messages", messages},
          {"computations", computations},
          {"until", until_},
          {"whole", whole_}};
}

}  // namespace byzsim
