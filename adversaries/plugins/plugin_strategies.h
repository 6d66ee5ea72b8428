// Entries of the tables that call into a plugin. The C structs must live as long as the entries.
#pragma once

#include "adversaries/attack.h"
#include "adversaries/plugins/byzsim_plugin.h"
#include "adversaries/scheduler.h"
#include "core/rule.h"

namespace byzsim {

Attack plugin_attack(const byzsim_attack& attack, const Declaration& declaration);
Scheduler plugin_scheduler(const byzsim_scheduler& scheduler, const Declaration& declaration);
Rule plugin_rule(const byzsim_rule& rule, const Declaration& declaration);

}  // namespace byzsim
