#include "sim/nodes/sync_filters.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/check.h"
#include "core/kernels/vector_kernels.h"

namespace byzsim {
namespace {

// Of many coefficients only the latest are kept, as in the authors' public code.
constexpr std::size_t kMostCoefficients = 100, kKeptCoefficients = 50;

}  // namespace

double lipschitz_coefficient(std::span<const float> new_gradient,
                             std::span<const float> old_gradient, double step_length) {
  BYZ_CHECK(new_gradient.size() == old_gradient.size(), "two gradients have one dimension");
  return distance(new_gradient, old_gradient) / step_length;
}

double quantile(std::vector<double> coefficients, double share) {
  BYZ_CHECK(!coefficients.empty(), "a quantile needs a value");
  BYZ_CHECK(share >= 0 && share <= 1, "a quantile is of a share");
  std::sort(coefficients.begin(), coefficients.end(), [](double a, double b) {
    // With NaN `<` alone is no order, and the sort would be undefined.
    return a < b || (std::isnan(b) && !std::isnan(a));  // NaN last
  });
  const double place = share * static_cast<double>(coefficients.size() - 1);
  const auto below = static_cast<std::size_t>(std::floor(place));
  const std::size_t above = std::min(below + 1, coefficients.size() - 1);
  const double part = place - static_cast<double>(below);
  // Not below + 0 (above - below): that is NaN where the next coefficient is infinite.
  if (part == 0) return coefficients[below];
  return coefficients[below] + part * (coefficients[above] - coefficients[below]);
}

bool within_latest(std::vector<double>& latest, double coefficient, double share) {
  latest.push_back(coefficient);
  const bool within = coefficient <= quantile(latest, share);
  if (latest.size() >= kMostCoefficients)
    latest.erase(latest.begin(), latest.end() - kKeptCoefficients);
  return within;
}

double outlier_bound(double rate_times_norm, std::int64_t gather_period, std::int64_t workers,
                     std::int64_t byzantine_workers, std::int64_t step) {
  BYZ_CHECK(gather_period >= 1 && step >= 1, "a pull is filtered after a first gather");
  BYZ_CHECK(byzantine_workers >= 0 && byzantine_workers < workers, "some workers are honest");
  // The bound divides by f_w; without Byzantine workers there is nothing that it must exclude.
  if (byzantine_workers == 0) return std::numeric_limits<double>::infinity();
  const auto t = static_cast<double>(gather_period);
  const auto f = static_cast<double>(byzantine_workers);
  const double since = static_cast<double>((step - 1) % gather_period);
  return rate_times_norm * ((3 * t + 2) * (static_cast<double>(workers) - f) / (4 * f) + 2 * since);
}

}  // namespace byzsim
