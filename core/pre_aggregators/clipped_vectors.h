// Vectors scaled down to a largest norm: static clipping and ARC.
#pragma once

#include <span>

#include "core/pre_aggregators/pre_aggregator.h"

namespace byzsim {

/// The vectors, those of norm above `threshold` scaled to it. A vector that is not finite becomes
/// the zero vector; so does one of doubles whose norm overflows, but for an infinite threshold.
template <class Real>
std::vector<Mixture> clipped_vectors(const RuleInput<Real>& input, std::span<const double> norms,
                                     double threshold);

}  // namespace byzsim
