#include "sim/results/stall.h"

#include <algorithm>

#include "sim/scenario/node_name.h"
#include "sim/scenario/participants.h"

namespace byzsim {
namespace {

constexpr std::size_t kMostMissingShown = 10;

// Those that a server asks at a step, ascending.
std::vector<NodeId> asked_workers(const Scenario& scenario, std::int64_t step) {
  std::vector<NodeId> asked;
  if (draws_participants(scenario)) {
    for (const Participant& each : participants_at(scenario, step))
      asked.push_back({Role::worker, each.client});
    return asked;
  }
  for (std::int64_t i = 0; i < scenario.workers.count; ++i)
    asked.push_back({Role::worker, static_cast<std::uint32_t>(i)});
  return asked;
}

std::optional<Stall> stall_at(const Simulation& simulation, NodeId server) {
  for (const Awaited& awaited : simulation.awaited_by({server})) {
    if (awaited.phase != Phase::gradient || !awaited.step || awaited.there >= awaited.needed)
      continue;
    Stall stall{server, *awaited.step, awaited.needed, awaited.there, 0, {}};
    for (const NodeId worker : asked_workers(simulation.workload().scenario(), stall.step)) {
      if (std::any_of(awaited.heard.begin(), awaited.heard.end(),
                      [&](const Heard& each) { return each.sender == worker; }))
        continue;
      if (++stall.missing <= kMostMissingShown) stall.first.push_back(worker);
    }
    return stall;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Stall> stall_of(const Simulation& simulation) {
  const Scenario& scenario = simulation.workload().scenario();
  if (scenario.one_role) return std::nullopt;
  for (std::uint32_t i = 0; i < scenario.servers.correct(); ++i)
    if (!simulation.is_gone({Role::server, i}))
      if (auto stall = stall_at(simulation, {Role::server, i})) return stall;
  return std::nullopt;
}

Json stall_json(const Stall& stall) {
  Json first = Json::array();
  for (const NodeId node : stall.first) first.push_back(name_of_node(false, node));
  return {{"server", name_of_node(false, stall.server)},
          {"step", stall.step},
          {"needed", stall.needed},
          {"there", stall.there},
          {"missing", stall.missing},
          {"first_missing", first}};
}

}  // namespace byzsim
