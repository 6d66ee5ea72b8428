// How much simulated time a run takes at least, as far as its scenario shows it: a run that could
// never end is refused before it starts.
#pragma once

#include <cstddef>

#include "sim/scenario/scenario.h"

namespace byzsim {

/// Throws InputError, naming the setting that takes most of the time, for a run that cannot end
/// before simulated time does (kEndOfTime): a lower bound, from the shortest delays and computing
/// times, the rule's operations and the bandwidths. `scenario` is resolved. What only a run shows
/// is refused by it (Simulation). Nothing is refused that has a time limit, or whose adversary
/// chooses delays.
void refuse_beyond_time(const Scenario& scenario, std::size_t dimension);

}  // namespace byzsim
