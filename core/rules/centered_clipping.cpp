// The iterate is held as weights of the vectors and of the point it started from, so that a round
// costs n^2 whatever the dimension.

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "core/kernels/mean_distances.h"
#include "core/kernels/vector_kernels.h"
#include "core/kernels/weighted_mean.h"
#include "core/rules/selection.h"

namespace byzsim::rules_list {
namespace {

using Weights = std::vector<double>;

// One round: every vector pulls the iterate by its difference, shortened to tau, over n. One out of
// reach pulls by nothing. Where all pull by all of it nothing of the iterate is left, not even the
// rounding of the sum, which would be much of a huge one.
template <class Real>
Weights pulled(const CentredVectors<Real>& points, const Weights& weights, std::size_t n,
               double tau) {
  const std::vector<double> distances = squared_distances_from(points, weights, n);
  Weights pulls(weights.size(), 0.0);
  double total = 0;
  bool shortened = false;
  for (std::size_t i = 0; i < n; ++i) {
    const double distance = std::sqrt(distances[i]);
    const double factor = !std::isfinite(distance) ? 0 : distance > tau ? tau / distance : 1;
    pulls[i] = factor / static_cast<double>(n);
    total += pulls[i];
    shortened |= factor < 1;
  }
  const double left = shortened ? std::max(0.0, 1 - total) : 0;
  for (std::size_t i = 0; i < pulls.size(); ++i) pulls[i] += left * weights[i];
  return pulls;
}

// The point that the first round starts from, where it is not the mean of the vectors; null for the
// zero vector.
template <class Real>
const Real* start_of(const RuleInput<Real>& input) {
  const bool resume = input.parameters.word("start") == "previous" && input.previous != nullptr &&
                      // A result that is not finite would keep every later one from being so.
                      all_finite(input.previous, input.dimension);
  return resume ? input.previous : nullptr;
}

template <class Real>
void aggregate_centered_clipping(const RuleInput<Real>& input, Real* out) {
  const std::size_t n = input.vectors.size();
  BYZ_CHECK(n >= 1, "there is nothing to clip");
  std::vector<const Real*> points(input.vectors.begin(), input.vectors.end());
  const bool from_mean = input.parameters.word("start") == "mean";
  if (!from_mean) points.push_back(start_of(input));
  const CentredVectors<Real> centred =
      centred_vectors<Real>(points, input.dimension, input.executor);
  const SymmetricMatrix& products = centred.known.products;
  Weights weights = equal_weights(products, n);
  // Squares of huge doubles overflow: no distance can tell then.
  if (weights.empty() || (!from_mean && !reachable(products, n)))
    return mean_of_selected<Real>(input, finite_first(input), out);
  if (!from_mean) {
    weights.assign(n + 1, 0.0);
    weights[n] = 1;
  }
  for (std::int64_t round = 0; round < input.parameters.integer("iterations"); ++round)
    weights = pulled(centred, weights, n, input.parameters.real("tau"));
  weighted_mean<Real>(points, weights, input.dimension, input.executor, out);
}

std::optional<std::string> problem_centered_clipping(const Parameters& parameters, std::int64_t,
                                                     std::int64_t f, bool unsafe) {
  // Without Byzantine vectors a plain mean needs no protection.
  if (unsafe || f == 0) return std::nullopt;
  if (parameters.integer("iterations") > 0 || parameters.word("start") != "mean")
    return std::nullopt;
  return "centered_clipping without rounds (\"iterations\" is 0) is the plain mean it starts from";
}

}  // namespace

Rule centered_clipping() {
  return {
      .declaration =
          {.name = "centered_clipping",
           .summary = "moves from the previous result by the mean of the differences to it, each "
                      "clipped to norm tau",
           .source = "Karimireddy et al., ICML 2021; defaults as in ByzFL",
           .parameters =
               {real("tau", 100, 0, kUnbounded,
                     "the largest norm of a difference that is not clipped"),
                integer("iterations", 1, 0, 1e6, "rounds"),
                word("start", {"previous", "zero", "mean"},
                     "start of the first round: previous: the receiver's previous result "
                     "(initially zero; its own model for a server in a gather; always zero for "
                     "models at a worker), the zero vector, or the mean of the finite vectors")},
           .aliases = {"CenteredClipping", "cclip", "CC", "cp", "SCC"}},
      .proven = {10, 1},
      .computable = {0, 1},
      .aggregate_float = aggregate_centered_clipping<float>,
      .aggregate_double = aggregate_centered_clipping<double>,
      .growth = Growth::pairs,
      .cost = "n^2 d",
      .problem = problem_centered_clipping};
}

}  // namespace byzsim::rules_list
