// Weiszfeld's iteration in weights: every iterate is a weighted mean of the vectors, so that a
// round needs no look at the coordinates.

#include "core/rules/weiszfeld.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/kernels/mean_distances.h"
#include "core/kernels/weighted_mean.h"
#include "core/rules/selection.h"

namespace byzsim {
namespace {

using Weights = std::vector<double>;

// One round of Weiszfeld: weights that fall with the distance from the iterate, which is at least
// nu. A weight is relative to the largest, so that neither overflows.
Weights reweighted(const std::vector<double>& distances, std::span<const double> counts,
                   std::size_t points, double nu) {
  const std::size_t n = distances.size();
  Weights weights(points, 0.0);
  double nearest = kUnbounded, total = 0;
  for (std::size_t i = 0; i < n; ++i)
    // nu keeps an iterate that meets a vector from dividing by 0, and staying there for good.
    nearest = std::min(nearest, std::max(nu, std::sqrt(distances[i])));
  for (std::size_t i = 0; i < n; ++i) {
    if (!std::isfinite(distances[i])) continue;
    weights[i] = counts[i] * (nearest / std::max(nu, std::sqrt(distances[i])));
    total += weights[i];
  }
  for (double& weight : weights) weight /= total;
  return weights;
}

// Whether the step between two iterates is at most `tolerance` times the mean distance of the n
// vectors, by their counts, from the first.
bool settled(const SymmetricMatrix& products, const Weights& before, const Weights& after,
             const std::vector<double>& distances, std::span<const double> counts,
             double tolerance) {
  double moved = 0, mean = 0, count = 0;
  for (std::size_t i = 0; i < products.n(); ++i)
    for (std::size_t j = 0; j < products.n(); ++j)
      if (reachable(products, i) && reachable(products, j))
        moved += (after[i] - before[i]) * products(i, j) * (after[j] - before[j]);
  for (std::size_t i = 0; i < distances.size(); ++i)
    if (std::isfinite(distances[i]))
      mean += counts[i] * std::sqrt(distances[i]), count += counts[i];
  // Rounding may leave a square below 0.
  return std::sqrt(std::max(0.0, moved)) <= tolerance * (mean / count);
}

// The last iterate as a weighted mean of the n vectors and the point after them, if there is one.
template <class Real>
Weights iterate(const CentredVectors<Real>& points, Weights weights, std::span<const double> counts,
                const Parameters& parameters) {
  const double nu = parameters.real("nu"), tolerance = parameters.real("tolerance");
  for (std::int64_t round = 0; round < parameters.integer("iterations"); ++round) {
    const std::vector<double> distances = squared_distances_from(points, weights, counts.size());
    Weights next = reweighted(distances, counts, weights.size(), nu);
    const bool last = tolerance > 0 &&
                      settled(points.known.products, weights, next, distances, counts, tolerance);
    weights = std::move(next);
    if (last) break;
  }
  return weights;
}

// The mean of the reachable vectors by their counts; empty when none is reachable.
Weights counted_mean(const SymmetricMatrix& products, std::span<const double> counts) {
  Weights weights = equal_weights(products, counts.size());
  double total = 0;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (!weights.empty() && weights[i] > 0) total += counts[i];
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (!weights.empty() && weights[i] > 0) weights[i] = counts[i] / total;
  return weights;
}

}  // namespace

template <class Real>
void weiszfeld(const RuleInput<Real>& input, std::span<const double> counts, Real* out) {
  const std::size_t n = input.vectors.size();
  BYZ_CHECK(n >= 1, "the geometric median of no vectors does not exist");
  const bool from_zero = input.parameters.word("start") == "zero";
  std::vector<const Real*> points(input.vectors.begin(), input.vectors.end());
  if (from_zero) points.push_back(nullptr);
  const CentredVectors<Real> centred =
      centred_vectors<Real>(points, input.dimension, input.executor);
  const SymmetricMatrix& products = centred.known.products;
  Weights weights = counted_mean(products, counts);
  // Squares of huge doubles overflow: no distance can tell then.
  const bool start_reachable = !from_zero || reachable(products, n);
  if (weights.empty() || !start_reachable)
    return mean_of_selected<Real>(input, finite_first(input), out);
  if (from_zero) {
    weights.assign(n + 1, 0.0);
    weights[n] = 1;
  }
  weights = iterate(centred, std::move(weights), counts, input.parameters);
  weighted_mean<Real>(points, weights, input.dimension, input.executor, out);
}

template void weiszfeld(const RuleInput<float>&, std::span<const double>, float*);
template void weiszfeld(const RuleInput<double>&, std::span<const double>, double*);

std::vector<Parameter> weiszfeld_parameters() {
  return {real("nu", 0.1, 1e-100, 1e100, "smallest distance that a weight divides by"),
          integer("iterations", 3, 0, 1e6, "largest number of rounds"),
          word("start", {"zero", "mean"},
               "the first iterate: the zero vector or the mean of the finite vectors"),
          real("tolerance", 0, 0, kUnbounded,
               "stop after a round that moves the iterate by at most this times the mean "
               "distance of the vectors from it; 0 never stops early")};
}

bool stays_at_plain_mean(const Parameters& parameters) {
  return parameters.integer("iterations") == 0 && parameters.word("start") == "mean";
}

}  // namespace byzsim
