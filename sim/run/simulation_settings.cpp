// The Simulation's part that watches which settings a run asks for.
#include <fmt/format.h>

#include "sim/run/simulation.h"

namespace byzsim {

// One vector is what any rule makes of it.
void Simulation::consult_rule(Phase heard, std::size_t vectors) {
  if (vectors < 2) return;
  const bool models = heard == Phase::model || heard == Phase::gather;
  consulted_.rules[static_cast<std::size_t>(models ? Role::server : Role::worker)] = true;
}

UnusedSettings Simulation::without_effect(const AdversaryDeclarations& adversary) const {
  UnusedSettings suspects = byzsim::without_effect(scenario(), adversary);
  const UnusedSettings more = adversary_->without_effect(scenario());
  suspects.insert(suspects.end(), more.begin(), more.end());
  return suspects;
}

UnusedSettings Simulation::never_consulted() const {
  UnusedSettings suspects;
  if (!consulted_.network_delay)
    suspects.push_back({"/network/delay", "every message took one of /network/links"});
  if (!consulted_.scheduler)
    suspects.push_back({"/adversary/scheduler", "it has changed no delay"});
  for (std::size_t i = 0; i < consulted_.links.size(); ++i)
    if (!consulted_.links[i])
      suspects.push_back({fmt::format("/network/links/{}", i), "no message took it"});
  for (std::size_t i = 0; i < consulted_.faults.size(); ++i)
    if (!consulted_.faults[i])
      suspects.push_back({fmt::format("/network/faults/{}", i), "it has changed nothing"});
  for (const auto& [role, key, vectors] : {std::tuple(Role::server, "/servers", "models"),
                                           std::tuple(Role::worker, "/workers", "gradients")})
    if (!consulted_.rules[static_cast<std::size_t>(role)])
      for (const char* what : {"aggregator", "pre"})
        suspects.push_back(
            {fmt::format("{}/{}", key, what), fmt::format("no two {} were aggregated", vectors)});
  return suspects;
}

}  // namespace byzsim
