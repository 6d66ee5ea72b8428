// A moment of a run, as people name it: a step, a simulated time or an event.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "sim/run/simulation.h"

namespace byzsim {

/// Every honest server has reached the step.
struct AtStep {
  std::int64_t step;
};
/// All that happens by that time, in nanoseconds, has happened.
struct AtTime {
  SimTime time;
};
/// That many events have happened.
struct AtEvent {
  std::uint64_t event;
};
using Moment = std::variant<AtStep, AtTime, AtEvent>;

/// "step=200", "time=1.5s", "event=12345". Throws InputError naming `option`.
Moment parse_moment(const std::string& text, const std::string& option);

/// Whether the simulation has come so far.
bool is_reached(const Moment& moment, const Simulation& simulation);

/// Advances to the moment. Throws InputError naming `option` where the run ends before.
void advance_to(const Moment& moment, Simulation& simulation, const std::string& option);

}  // namespace byzsim
