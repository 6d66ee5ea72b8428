// A scenario without what it leaves at its defaults: the places that can still be made simpler.
#pragma once

#include <string>
#include <vector>

#include "core/input/json.h"
#include "sim/scenario/scenario.h"

namespace byzsim {

/// Whether what stands at a pointer is a size, where smaller is simpler, whatever the default:
/// steps, counts of nodes, the batch, the model and the data with their whole numbers.
bool is_size(const std::string& pointer, const Json& value);

/// Pointers to everything that can be left out, and so put back to its default, a whole before its
/// parts: no size, nothing that holds one, no element of a list, no name, summary or expectation.
std::vector<std::string> what_can_be_left_out(const Json& scenario);

/// The JSON of a scenario that reads as the same one, with nothing in it that could be left out
/// without a change. Sizes are all there. Reads the scenario again for each place that might go.
Json minimal_json(const Scenario& scenario);

/// The scenario's id, or an empty string where the JSON is no scenario that can run.
std::string id_of_json(const Json& scenario);

/// The value at a pointer, null where there is none.
Json value_at(const Json& json, const std::string& pointer);

/// The JSON without what stands at the pointer. What the pointer leads to is there.
Json without(Json json, const std::string& pointer);

}  // namespace byzsim
