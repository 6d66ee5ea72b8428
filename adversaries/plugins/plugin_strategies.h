// Entries of the tables that call into a plugin, in this process or through the connection to
// another: the functions that make an answer are handed in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "adversaries/attacks/attack.h"
#include "adversaries/plugins/byzsim_plugin.h"
#include "adversaries/plugins/plugin_call.h"
#include "adversaries/schedulers/scheduler.h"
#include "core/rules/rule.h"

namespace byzsim {

/// What an attack of a plugin crafts, given what makes an aggregate of vectors for it (empty: none
/// is known). The defence of the input is not asked; its state has the bytes that the attack
/// declares.
template <class Real>
using PluginCrafter = std::function<std::vector<Real>(const AttackInput<Real>& input,
                                                      const PluginHost::Defence<Real>& defence)>;
/// The two precisions of one attack; a plugin without float64 refuses to be asked for it.
struct PluginCrafters {
  PluginCrafter<float> craft_float;
  PluginCrafter<double> craft_double;
};
/// Calls the attack of a library that is loaded in this process.
PluginCrafters plugin_crafters(const byzsim_attack& attack, const Declaration& declaration,
                               bool keeps_state);
/// What a library declares of an attack beside its declaration.
struct PluginAttackTraits {
  bool uses_honest;
  bool per_half;
  std::size_t state_bytes;
};
/// An attack of the table, whose vectors these make. Where no state is kept it begins with zeros.
Attack plugin_attack(const PluginCrafters& crafters, const PluginAttackTraits& traits,
                     const Declaration& declaration);

/// A rule of the table that calls the library; its simulated cost is by its growth.
Rule plugin_rule(const byzsim_rule& rule, const Declaration& declaration, bool keeps_state);

/// What a scheduler of a plugin chooses, in nanoseconds: of a dispatch whose parameters, host and
/// state are still missing. It may change the state.
using PluginChooser =
    std::function<std::int64_t(const Parameters& parameters, byzsim_dispatch dispatch,
                               const Stream& stream, std::span<std::byte> state)>;
/// Calls the scheduler of a library that is loaded in this process; a delay outside [0, 10^15] ns
/// is a broken promise.
PluginChooser plugin_chooser(const byzsim_scheduler& scheduler, const Declaration& declaration,
                             bool keeps_state);
/// A scheduler of the table, whose delays this chooses.
Scheduler plugin_scheduler(const PluginChooser& chooser, std::size_t state_bytes,
                           const Declaration& declaration);

}  // namespace byzsim
