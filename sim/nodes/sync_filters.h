// The two filters by which a worker of synchronous ByzSGD judges a model that it pulled from a
// single server (PODC 2020, section 5; arXiv 1911.07537; as we understand them). The coefficient
// that the Lipschitz filter judges is one of those whose quantile it must not exceed, so that a
// worker's first always passes.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace byzsim {

/// ||new - old|| / ||step||: how fast the gradient changed along the worker's own last step, which
/// does not depend on the model that was pulled.
double lipschitz_coefficient(std::span<const float> new_gradient,
                             std::span<const float> old_gradient, double step_length);

/// The `share` quantile of the coefficients, interpolated linearly between order statistics; at
/// least one coefficient.
double quantile(std::vector<double> coefficients, double share);

/// What the Outliers filter allows between the worker's speculative model and the pulled one:
/// eta ||g|| ((3T + 2)(n_w - f_w) / (4 f_w) + 2 ((t - 1) mod T)), with eta and g of the last
/// gather. Infinite without Byzantine workers.
double outlier_bound(double rate_times_norm, std::int64_t gather_period, std::int64_t workers,
                     std::int64_t byzantine_workers, std::int64_t step);

}  // namespace byzsim
