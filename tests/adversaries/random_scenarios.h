// Small random scenarios of every protocol, scheduler, fault, attack and delay.
#pragma once

#include "core/exact/random.h"
#include "core/input/json.h"

namespace byzsim {

/// The next of the stream. Some break a condition, and are refused.
Json random_scenario(Stream& stream);

}  // namespace byzsim
