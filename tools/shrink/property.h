// What a scenario must keep while it is made smaller, as the user types it.
#pragma once

#include <string>

#include "sim/results/expectations.h"
#include "sim/run/simulation.h"

namespace byzsim {

struct Property {
  Expectation expectation;
  bool share = false;  ///< the value is a share of what the scenario measures at first
};

/// "drift >= 0.5", "drift:max >= 0.9*" (a share of the first measurement), "status = stalled",
/// "status = out_of_time", "status = diverged", "broken_invariants > 0". Throws InputError.
Property read_property(const std::string& text);

/// The property with its share of `measured` worked out. Without a share `measured` plays no part.
Expectation expectation_of(const Property& property, double measured);

/// "drift (largest) >= 0.5".
std::string to_text(const Expectation& expectation);

/// Whether a simulation that has been advanced as far as it goes and finished bears it out.
Verified verify(const Expectation& expectation, const Simulation& simulation);

}  // namespace byzsim
