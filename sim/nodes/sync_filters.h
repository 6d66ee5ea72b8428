// The two filters by which a worker of synchronous ByzSGD judges a model that it pulled from a
// single server (El-Mhamdi et al., PODC 2020, section 5; arXiv 1911.07537; as we understand them).
// The coefficient that the Lipschitz filter judges is one of those whose quantile it must not
// exceed, so that a worker's first always passes.
//
// What a worker remembers is in sync_worker.h.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace byzsim {

/// ||new - old|| / ||step||: how fast the gradient changed along the worker's own last step, which
/// does not depend on the model that was pulled (the k of arXiv 1911.07537). Gradients have one
/// dimension; infinite or NaN where the step has no length.
double lipschitz_coefficient(std::span<const float> new_gradient,
                             std::span<const float> old_gradient, double step_length);

/// The `share` quantile, in [0, 1], of at least one coefficient, interpolated linearly between
/// order statistics as numpy.percentile does in the authors' public code; NaN counts as
/// largest.
double quantile(std::vector<double> coefficients, double share);

/// Adds a coefficient to the latest ones: whether it does not exceed their `share` quantile, itself
/// included. When there are 100, the first 50 are then forgotten.
bool within_latest(std::vector<double>& latest, double coefficient, double share);

/// What the Outliers filter allows between the worker's speculative model and the pulled one:
/// eta ||g|| ((3T + 2)(n_w - f_w) / (4 f_w) + 2 ((t - 1) mod T)), with eta and g of the last
/// gather (El-Mhamdi et al., PODC 2020, as we understand it). Infinite without Byzantine workers,
/// as f_w is in the denominator. `step` >= 1: a first gather has been.
double outlier_bound(double rate_times_norm, std::int64_t gather_period, std::int64_t workers,
                     std::int64_t byzantine_workers, std::int64_t step);

}  // namespace byzsim
