// How much a stale gradient still counts: the factor Lambda(tau) of asynchronous SGD, which shrinks
// the step along a gradient that was computed tau model updates ago (Damaskinos et al., ICML 2018).
#pragma once

#include <cstdint>
#include <vector>

#include "core/input/parameters.h"

namespace byzsim {

/// The parameters "damping", "alpha" and "delay_bound" of the protocols that damp.
std::vector<Parameter> damping_parameters();

/// Lambda(staleness) in [0, 1] by those parameters: 1, 1 / (1 + staleness) or exp(-alpha *
/// staleness), with alpha 0.2 by default as in the public code of Kardam (2018); the polynomial and
/// the hinge are those of FedAsync (Xie et al., 2019), as we understand it. `staleness` >= 0, in
/// updates.
double damping_of(const Parameters& parameters, std::int64_t staleness);

}  // namespace byzsim
