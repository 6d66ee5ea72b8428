// Schedulers: when messages arrive. One file a scheduler under schedulers/. Every delay they choose
// is finite and within what the scenario declares, so that a scheduler can only do what an
// asynchronous network might (PODC 2020: no bound on delays, reliable channels).
#pragma once

#include "core/parameters.h"
#include "core/table.h"
#include "sim/adversary.h"

namespace byzsim {

struct Scheduler {
  Declaration declaration;
  /// How long the message travels, in nanoseconds.
  std::int64_t (*delay)(const Parameters& parameters, const Dispatch& dispatch);
};

const Table<Scheduler>& schedulers();

/// What a scenario may name of the adversary's.
AdversaryDeclarations adversary_declarations();

}  // namespace byzsim
