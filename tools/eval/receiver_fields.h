// What a line of `byzsim eval` states of the receiver that aggregates: which vector is its own, and
// the gossip weights.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "core/input/json.h"
#include "core/pre_aggregators/aggregation.h"

namespace byzsim {

/// What is not in the line is empty.
struct Receiver {
  std::optional<std::size_t> own;  ///< below the number of vectors
  std::vector<double> weights;     ///< one for each vector, finite and not negative
  bool reference = false;          ///< whether its own gradient is given
  Offered offered() const { return {.own = own.has_value(), .reference = reference}; }
};

/// "own", "weights" and whether there is a "reference" of a line with n vectors. Throws InputError
/// with place and remedy.
Receiver receiver_fields(const Json& request, std::size_t n);

/// Throws InputError where the aggregation's rule needs what eval or this line does not give.
void refuse_unmet_need(const Aggregation& aggregation, const Receiver& receiver);

/// The answer with what the rule counted.
Json with_counts(Json answer, const RuleCounts& counts);

}  // namespace byzsim
