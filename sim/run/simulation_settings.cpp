// The Simulation's part that watches which settings a run asks for.
#include <fmt/format.h>

#include "core/compressors/compressor.h"
#include "sim/run/simulation.h"

namespace byzsim {

namespace {

// What workers send, by its noun: federated protocols name it.
std::string sent_by_workers(const Scenario& scenario) {
  for (const auto& [name, value] : scenario.protocol.parameters.values())
    if (name == "sends") return std::get<std::string>(value);
  return scenario.protocol.name == "fed_ms" ? "models" : "gradients";
}

// What would have more vectors aggregated, where rounds end at a deadline.
std::string remedy_for_rounds(const Scenario& scenario) {
  for (const auto& [name, value] : scenario.protocol.parameters.values())
    if (name == "deadline" && value != Value("none"))
      return "; a longer /protocol/parameters/deadline waits for more";
  return "";
}

// A compressor of which receivers read what was sent, in as many bytes.
void suspect_compressor(const Workload& workload, UnusedSettings& suspects) {
  const Choice& compressor = workload.scenario().compressor;
  if (workload.scenario().compresses() &&
      compression_contraction(compressor, workload.dimension()) == 1)
    suspects.push_back({"/workers/compressor",
                        fmt::format("it keeps all of the {} coordinates", workload.dimension())});
}

}  // namespace

UnusedSettings Simulation::without_effect(const ScenarioTables& tables) const {
  UnusedSettings suspects = byzsim::without_effect(scenario(), tables);
  const UnusedSettings more = adversary_->without_effect(scenario());
  suspects.insert(suspects.end(), more.begin(), more.end());
  suspect_compressor(*workload_, suspects);
  return suspects;
}

UnusedSettings Simulation::never_consulted() const {
  const Consulted& consulted = observer_.consulted();
  UnusedSettings suspects;
  if (!consulted.network_delay)
    suspects.push_back({"/network/delay", "every message took one of /network/links"});
  if (!consulted.scheduler) suspects.push_back({"/adversary/scheduler", "it has changed no delay"});
  for (std::size_t i = 0; i < consulted.links.size(); ++i)
    if (!consulted.links[i])
      suspects.push_back({fmt::format("/network/links/{}", i), "no message took it"});
  for (std::size_t i = 0; i < consulted.faults.size(); ++i)
    if (!consulted.faults[i])
      suspects.push_back({fmt::format("/network/faults/{}", i), "it has changed nothing"});
  for (const auto& [role, vectors] : {std::pair(Role::server, std::string("models")),
                                      std::pair(Role::worker, sent_by_workers(scenario()))}) {
    // On a graph gradients are not aggregated, and no rule is chosen for them.
    if (scenario().on_graph && role == Role::worker) continue;
    if (!consulted.rules[static_cast<std::size_t>(role)])
      for (const char* what : {"aggregator", "pre"})
        suspects.push_back(
            {fmt::format("{}/{}", place_of_group(scenario(), role), what),
             fmt::format("no two {} were aggregated{}", vectors,
                         role == Role::worker ? remedy_for_rounds(scenario()) : "")});
  }
  return suspects;
}

}  // namespace byzsim
