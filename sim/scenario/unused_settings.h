// Settings of a scenario that change nothing. What can be known of the scenario alone is known
// before the run; what the run never asked for is known at its end. Only what is set counts: a
// setting at its default is none.
#pragma once

#include <string>
#include <vector>

#include "sim/scenario/scenario.h"

namespace byzsim {

/// A setting that changes nothing.
struct UnusedSetting {
  std::string where;  ///< its JSON pointer
  std::string why;    ///< a clause: "no worker is Byzantine"
  friend bool operator==(const UnusedSetting&, const UnusedSetting&) = default;
};
using UnusedSettings = std::vector<UnusedSetting>;

/// What the scenario alone shows to be without effect, whatever it is set to.
UnusedSettings without_effect(const Scenario& scenario, const ScenarioTables& tables);

/// Those among `suspects` that the scenario sets to something else than the default, in their
/// order.
UnusedSettings those_set(const UnusedSettings& suspects, const Scenario& scenario,
                         const ScenarioTables& tables);

}  // namespace byzsim
