#include "tools/report/timeline.h"

#include <map>

#include "adversaries/coalition.h"

namespace byzsim {
namespace {

template <class Kind>
Json node_names(std::size_t count) {
  Json names = Json::array();
  for (std::size_t i = 0; i < count; ++i) names.push_back(to_string(static_cast<Kind>(i)));
  return names;
}

// A line for each state machine: twins are two.
struct Lines {
  Json nodes = Json::array();
  std::map<std::pair<NodeId, int>, std::size_t> places;

  void add(NodeId node, int twin, const std::string& name, bool byzantine) {
    places[{node, twin}] = nodes.size();
    nodes.push_back({{"name", name}, {"byzantine", byzantine}, {"twin", twin == 1}});
  }
};

Lines lines_for(const Scenario& scenario) {
  const auto adversary = make_adversary(scenario);
  Lines lines;
  for (const Role role : {Role::server, Role::worker})
    for (std::int64_t i = 0; i < scenario.group_of(role).count; ++i) {
      const NodeId node{role, static_cast<std::uint32_t>(i)};
      const bool byzantine = scenario.is_byzantine(node);
      lines.add(node, 0, to_string(node), byzantine);
      if (byzantine && adversary->twins(scenario, node))
        lines.add(node, 1, to_string(node) + ": its twin", byzantine);
    }
  return lines;
}

}  // namespace

void Timeline::see(const Occurrence& occurrence) {
  const Delivery* delivery = occurrence.delivery();
  const Computed* computed = occurrence.computation();
  if (full_ || !(delivery || computed)) return;
  if (!begun_) {
    // Of any node: they are in different steps at a time.
    begun_ = (delivery ? delivery->message->step : computed->step) >= from_;
    if (!begun_) return;
    // From the start, the time before the first event counts as well.
    begin_ = from_ == 0 ? 0 : occurrence.time;
  }
  // Full at the first arrival too many: computations up to it are still shown.
  full_ = delivery && arrivals_.size() == capacity_;
  if (full_) return;
  until_ = occurrence.time;
  if (delivery) {
    const Message& message = *delivery->message;
    arrivals_.push_back({{message.sender, message.twin},
                         {occurrence.target, occurrence.twin},
                         message.phase,
                         message.step,
                         delivery->sent,
                         occurrence.time,
                         *occurrence.verdict,
                         wire_bytes(message)});
  }
  if (computed)
    computations_.push_back({{occurrence.target, occurrence.twin},
                             computed->phase,
                             computed->step,
                             computed->begun,
                             occurrence.time});
}

Json Timeline::to_json(const Scenario& scenario) const {
  const Lines lines = lines_for(scenario);
  Json messages = Json::array(), computations = Json::array();
  for (const Arrival& each : arrivals_)
    messages.push_back(
        Json::array({lines.places.at(each.sender), lines.places.at(each.receiver), each.phase,
                     each.step, each.sent, each.received, each.verdict, each.bytes}));
  for (const Computation& each : computations_)
    computations.push_back(
        Json::array({lines.places.at(each.node), each.phase, each.step, each.begun, each.ended}));
  return {{"nodes", lines.nodes},
          {"phases", node_names<Phase>(kPhases)},
          {"verdicts", node_names<Verdict>(kVerdicts)},
          {"messages", messages},
          {"computations", computations},
          {"from", from_},
          {"begin", begin_},
          {"until", until_},
          {"whole", from_ == 0 && !full_}};
}

}  // namespace byzsim
