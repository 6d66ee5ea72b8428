#include "adversaries/begin_run.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "adversaries/coalition.h"
#include "adversaries/known_strategies.h"
#include "core/check.h"
#include "core/input/archive.h"
#include "core/input/issue.h"
#include "sim/scenario/scenario_json.h"

namespace byzsim {
namespace {

// A run of the trunk, as far as the event at which the branch leaves it.
std::shared_ptr<const TrunkState> reach(const Origin& origin, const Executor& executor,
                                        const TrunkMakers& make) {
  std::shared_ptr<const TrunkState> own;  // the trunk may be a branch
  Simulation simulation = begin_run(make.workload(*origin.trunk, executor), make, own);
  const auto wanted = static_cast<std::uint64_t>(origin.event);
  while (simulation.totals().events < wanted)
    if (simulation.advance() == nullptr)
      throw InputError({"/origin/event",
                        fmt::format("is {}, and the trunk ends after {} events", wanted,
                                    simulation.totals().events),
                        "begin the branch at one of them"});
  if (simulation.totals().events > wanted)
    throw InputError({"/origin/event",
                      fmt::format("is {}, and the trunk itself begins after {} events", wanted,
                                  simulation.totals().events),
                      "begin the branch later"});
  return trunk_state_of(simulation);
}

std::set<NodeId> twins_of(const Scenario& scenario) {
  const auto adversary = make_adversary(scenario);
  std::set<NodeId> twins;
  for (const Role role : {Role::server, Role::worker}) {
    const Group& group = scenario.group_of(role);
    for (std::int64_t i = group.correct(); i < group.count; ++i)
      if (const NodeId node{role, static_cast<std::uint32_t>(i)}; adversary->twins(scenario, node))
        twins.insert(node);
  }
  return twins;
}

void check_same_twins(const Scenario& branch, const Scenario& trunk) {
  if (twins_of(branch) != twins_of(trunk))
    throw InputError({"/adversary", "makes other nodes twins than the trunk's",
                      "nodes are twins from the beginning of a run: choose another attack"});
}

// What of the rules is in the nodes' state.
void check_takes_over(const Workload& branch, const TrunkState& trunk) {
  const auto check = [](std::size_t before, std::size_t now, const std::string& where) {
    if (before != 0 && before != now)
      throw InputError({where, "cannot take over the vectors that the trunk's rule keeps",
                        "leave it as the trunk has it"});
  };
  check(trunk.kept_of_gradients, branch.kept_of_gradients(),
        place_of_group(branch.scenario(), Role::worker) + "/aggregator");
  check(trunk.kept_of_models, branch.kept_of_models(),
        place_of_group(branch.scenario(), Role::server) + "/aggregator");
}

}  // namespace

std::shared_ptr<const TrunkState> trunk_state_of(Simulation& simulation) {
  const Workload& workload = simulation.workload();
  return std::make_shared<const TrunkState>(TrunkState{
      write_scenario(workload.scenario(), scenario_tables()).dump(),
      static_cast<std::int64_t>(simulation.totals().events), workload.kept_of_gradients(),
      workload.kept_of_models(), bytes_of([&](Archive& archive) { simulation.walk(archive); })});
}

Simulation begin_run(const std::shared_ptr<const Workload>& workload, const TrunkMakers& make,
                     std::shared_ptr<const TrunkState>& trunk) {
  const Scenario& scenario = workload->scenario();
  Simulation simulation(workload, make.adversary(scenario));
  if (!scenario.origin) return simulation;
  const Origin& origin = *scenario.origin;
  check_same_twins(scenario, *origin.trunk);
  if (!trunk || trunk->event != origin.event ||
      trunk->trunk != write_scenario(*origin.trunk, scenario_tables()).dump())
    trunk = reach(origin, workload->executor(), make);
  check_takes_over(*workload, *trunk);
  read_bytes(trunk->bytes, [&](Archive& archive) { simulation.walk(archive); });
  for (std::uint32_t i = 0; i < scenario.servers.count; ++i)
    if (const std::int64_t step = simulation.step_of({Role::server, i}); step > scenario.steps)
      throw InputError(
          {"/steps",
           fmt::format("is {}, and the trunk has made {} steps by then", scenario.steps, step),
           "give the branch more steps"});
  simulation.branch_off(std::make_shared<const Script>(scenario.script));
  return simulation;
}

Simulation begin_run(
    const std::shared_ptr<const Workload>& workload,
    const std::function<std::shared_ptr<const Workload>(const Scenario&, const Executor&)>&
        make_workload) {
  std::shared_ptr<const TrunkState> trunk;
  return begin_run(workload, {make_workload, make_adversary}, trunk);
}

}  // namespace byzsim
