// The distances between the vectors that a rule is given, which receivers of much the same vectors
// compute once for all.
#pragma once

#include "core/kernels/distances.h"
#include "core/rules/rule.h"

namespace byzsim {

/// Squared, of all pairs: known to the receiver already, or computed.
template <class Real>
DistanceMatrix received_distances(const RuleInput<Real>& input) {
  if (input.distances != nullptr) return (*input.distances)();
  return squared_distances(input.vectors, input.dimension, input.executor);
}

}  // namespace byzsim
