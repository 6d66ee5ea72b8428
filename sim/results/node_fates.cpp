#include "sim/results/node_fates.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/scenario/node_name.h"
#include "sim/world/node_set.h"

namespace byzsim {
namespace {

constexpr std::size_t kMostNodesShown = 10;

bool has_parameter(const Choice& fault, const char* name) {
  const auto& values = fault.parameters.values();
  return std::any_of(values.begin(), values.end(),
                     [&](const auto& each) { return each.first == name; });
}

// Whether a fault came into effect: one that has no beginning always does.
bool has_begun(const Choice& fault, SimTime now) {
  return !has_parameter(fault, "start") || fault.parameters.duration_ns("start") <= now;
}

void put_fates(const NodeSet& nodes, const Simulation& simulation, NodeFates& fates) {
  const Scenario& scenario = simulation.workload().scenario();
  for (const Role role : roles_of(scenario))
    for (std::uint32_t i = 0; i < scenario.group_of(role).correct(); ++i) {
      const NodeId node{role, i};
      if (!nodes.contains(node)) continue;
      // All are counted, and the first few named: there may be a million.
      if (++fates.nodes <= kMostNodesShown) fates.first.push_back({node, simulation.step_of(node)});
    }
}

}  // namespace

std::vector<NodeFates> node_fates(const Simulation& simulation) {
  const std::vector<Choice>& faults = simulation.workload().scenario().faults;
  std::vector<NodeFates> all;
  for (std::size_t i = 0; i < faults.size(); ++i) {
    // Loss and duplication name no nodes.
    if (!has_parameter(faults[i], "nodes")) continue;
    const auto nodes = parse_node_set(faults[i].parameters.text("nodes"));
    if (!nodes || !has_begun(faults[i], simulation.now())) continue;
    NodeFates fates{fmt::format("/network/faults/{}", i), 0, {}};
    put_fates(*nodes, simulation, fates);
    if (fates.nodes > 0) all.push_back(std::move(fates));
  }
  return all;
}

}  // namespace byzsim
