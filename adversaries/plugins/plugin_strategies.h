// Entries of the tables that call into a plugin.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "adversaries/attacks/attack.h"
#include "adversaries/plugins/byzsim_plugin.h"
#include "adversaries/plugins/plugin_call.h"
#include "adversaries/schedulers/scheduler.h"
#include "core/rules/rule.h"

namespace byzsim {

/// What an attack of a plugin crafts, given what makes an aggregate of vectors for it (empty: none
/// is known). The defence of the input is not asked.
template <class Real>
using PluginCrafter = std::function<std::vector<Real>(const AttackInput<Real>& input,
                                                      const PluginHost::Defence<Real>& defence)>;
struct PluginCrafters {
  PluginCrafter<float> craft_float;
  PluginCrafter<double> craft_double;
};
PluginCrafters plugin_crafters(const byzsim_attack& attack, const Declaration& declaration,
                               bool keeps_state);
Attack plugin_attack(const PluginCrafters& crafters, bool uses_honest, bool per_half,
                     const Declaration& declaration);

Rule plugin_rule(const byzsim_rule& rule, const Declaration& declaration, bool keeps_state);

/// What a scheduler of a plugin chooses, in nanoseconds: of a dispatch whose parameters and host
/// are still missing.
using PluginChooser = std::function<std::int64_t(const Parameters& parameters,
                                                 byzsim_dispatch dispatch, const Stream& stream)>;
PluginChooser plugin_chooser(const byzsim_scheduler& scheduler, const Declaration& declaration,
                             bool keeps_state);
Scheduler plugin_scheduler(const PluginChooser& chooser, const Declaration& declaration);

}  // namespace byzsim
