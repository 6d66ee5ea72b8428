// ByzFL's choices as JSON of byzsim, and what axes call them.
#pragma once

#include <string>

#include "core/input/json.h"
#include "tools/import/byzfl_config.h"

namespace byzsim {

Json json_of_value(const Value& value);

/// {"name", "parameters"} of the strategy that a choice is here.
Json byzfl_strategy_json(const ByzflChoice& choice);

/// "GeometricMedian", with all parameters if `whole`: "GeometricMedian nu=0.1 T=3".
std::string label_of_choice(const ByzflChoice& choice, bool whole);
/// The labels of a chain joined by "_", or "none".
std::string label_of_choice(const ByzflChain& chain, bool whole);

}  // namespace byzsim
