// Settings of the adversary that change nothing, as the scenario alone shows.
#pragma once

#include "sim/scenario/unused_settings.h"

namespace byzsim {

/// Attacks without a Byzantine node, levels of knowledge that no attack asks for, and the like,
/// whatever they are set to. What only a run shows is not among them (Simulation::never_consulted).
UnusedSettings attacks_without_effect(const Scenario& scenario);

}  // namespace byzsim
