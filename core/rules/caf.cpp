// The weighted vectors are never looked at again: their covariance follows from the inner products,
// and only the final mean goes through the coordinates.

#include <algorithm>

#include "core/kernels/centred_products.h"
#include "core/kernels/weighted_mean.h"
#include "core/rules/selection.h"
#include "core/rules/widest.h"

namespace byzsim::rules_list {
namespace {

using Weights = std::vector<double>;

Weights normalised(const Weights& counts) {
  double total = 0;
  for (const double count : counts) total += count;
  Weights weights = counts;
  for (double& weight : weights) weight /= total;
  return weights;
}

// Lowers the count of every vector by its component relative to the largest, which goes to 0;
// false when no vector differs from the mean.
bool lower_caf(Weights& counts, const std::vector<double>& components) {
  double largest = 0;
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] > 0) largest = std::max(largest, components[i]);
  if (!(largest > 0)) return false;
  for (std::size_t i = 0; i < counts.size(); ++i)
    // The largest goes to exactly 0, so that every round takes a vector away and the loop ends.
    counts[i] = components[i] < largest ? counts[i] * (1 - components[i] / largest) : 0;
  return true;
}

// Of all the weights met, those whose vectors vary least.
Weights least_varied(const SymmetricMatrix& products, Weights counts, double enough) {
  Weights best;
  double least = kUnbounded;
  for (;;) {
    double total = 0;
    for (const double count : counts) total += count;
    // Not before there are weights: the first ones count even where nothing is enough.
    if (!best.empty() && !(total > enough)) return best;
    const Weights weights = normalised(counts);
    const Widest found = widest(products, weights);
    if (best.empty() || found.variance < least) {
      best = weights;
      least = found.variance;
    }
    if (!lower_caf(counts, found.components)) return best;
  }
}

template <class Real>
void aggregate_caf(const RuleInput<Real>& input, Real* out) {
  const int n = input.n(), f = input.f;
  BYZ_CHECK(f >= 0 && n > 2 * f, "CAF stops at n - 2f vectors, at least one");
  const SymmetricMatrix products =
      centred_products(input.vectors, input.dimension, input.executor).products;
  Weights counts(input.vectors.size(), 0.0);
  // A vector out of reach begins without weight and never gets any.
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = reachable(products, i) ? 1 : 0;
  // Squares of huge doubles overflow: no covariance can tell then.
  if (std::count(counts.begin(), counts.end(), 0.0) == n)
    return mean_of_selected<Real>(input, finite_first(input, static_cast<std::size_t>(n - f)), out);
  const Weights weights = least_varied(products, counts, n - 2 * f);
  weighted_mean<Real>(input.vectors, weights, input.dimension, input.executor, out);
}

}  // namespace

Rule caf() {
  return {
      .declaration =
          {.name = "caf",
           .summary = "covariance-bound-agnostic filter: lowers weights along the direction of "
                      "largest variance and returns the weighted mean whose variance was smallest",
           .source = "Allouah et al., 2025; ByzFL, here with exact eigenvectors",
           .aliases = {"CAF"}},
      .proven = {2, 1},
      .computable = {2, 1},
      .aggregate_float = aggregate_caf<float>,
      .aggregate_double = aggregate_caf<double>,
      .most_vectors = 128,
      .growth = Growth::pairs,
      .cost = "n^2 d + n^4"};
}

}  // namespace byzsim::rules_list
