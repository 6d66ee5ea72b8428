// Schedulers: when messages arrive. One file a scheduler under schedulers/. Every delay they choose
// is finite and within what the scenario declares, so that a scheduler can only do what an
// asynchronous network might (El-Mhamdi et al., PODC 2020: no bound on delays, reliable channels).
//
// A scheduler is a pure function of the message, its link's drawn delay and the scenario; it keeps
// no state but the memory that it declares. Those of plugins may also draw, from a stream that is
// named by the message.
#pragma once

#include <functional>
#include <string>

#include "core/input/parameters.h"
#include "core/input/table.h"
#include "sim/run/adversary.h"

namespace byzsim {

/// One scheduler of the table.
struct Scheduler {
  Declaration declaration;
  /// How long the message travels, in nanoseconds; not negative. Never null.
  std::function<std::int64_t(const Parameters& parameters, const Dispatch& dispatch)> delay;
  std::size_t state_bytes = 0;  ///< that byzsim keeps for it between the calls of a run, 0 at first
  std::string named_nodes = "";  ///< the parameter that names nodes, if any
};

/// All schedulers, those of plugins after byzsim's own.
const Table<Scheduler>& schedulers();
/// Adds a scheduler from outside the tree, before anything runs (plugins/).
void add_scheduler(Scheduler scheduler);

/// Which half of the nodes (sim/scenario/halves.h) a node belongs to at the step of the message.
int half_of(const Dispatch& dispatch, NodeId node);

}  // namespace byzsim
