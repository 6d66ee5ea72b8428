#include "sim/results/node_fates.h"

#include <fmt/format.h>

#include <algorithm>

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

Json fate_of(NodeId node, const Simulation& simulation) {
  return {{"node", to_string(node)}, {"steps", simulation.step_of(node)}};
}

Json fates_of(const NodeSet& nodes, const Simulation& simulation) {
  const Scenario& scenario = simulation.workload().scenario();
  std::size_t count = 0;
  Json first = Json::array();
  for (const Role role : {Role::server, Role::worker})
    for (std::uint32_t i = 0; i < scenario.group_of(role).correct(); ++i) {
      if (!nodes.contains({role, i})) continue;
      if (++count <= kMostNodesShown) first.push_back(fate_of({role, i}, simulation));
    }
  return {{"nodes", count}, {"first", first}};
}

}  // namespace

Json node_fates(const Simulation& simulation) {
  const std::vector<Choice>& faults = simulation.workload().scenario().faults;
  Json all = Json::array();
  for (std::size_t i = 0; i < faults.size(); ++i) {
    if (!has_parameter(faults[i], "nodes")) continue;
    const auto nodes = parse_node_set(faults[i].parameters.text("nodes"));
    if (!nodes || !has_begun(faults[i], simulation.now())) continue;
    Json entry = {{"fault", fmt::format("/network/faults/{}", i)}};
    entry.update(fates_of(*nodes, simulation));
    if (entry["nodes"] > 0) all.push_back(entry);
  }
  return all;
}

}  // namespace byzsim
