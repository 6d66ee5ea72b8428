// Two boxes with sides along the axes: one that honest values bound in every coordinate, and one
// around all means or medians that the honest vectors might have. Both contain a point that no
// Byzantine vector can move far; the result is the midpoint of what they share.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "core/kernels/mean_distances.h"
#include "core/kernels/vector_kernels.h"
#include "core/machine/shards.h"
#include "core/rules/selection.h"

namespace byzsim::rules_list {
namespace {

using Weights = std::vector<double>;

constexpr double kMostSubsets = 10000;

struct Interval {
  double low;
  double high;
};

// C(n, size) as far as it matters.
double subset_count(std::int64_t n, std::int64_t size) {
  double count = 1;
  for (std::int64_t k = 1; k <= std::min(size, n - size) && count <= kMostSubsets; ++k)
    count = count * double(n - k + 1) / double(k);
  return count;
}

// Weiszfeld's iterate over the members from their mean on, as weights of all vectors.
template <class Real>
Weights median_of_subset(const CentredVectors<Real>& points, const std::vector<char>& member,
                         const Parameters& parameters) {
  const std::size_t n = member.size();
  const double nu = parameters.real("nu");
  Weights weights(n, 0.0);
  const auto normalise = [&] {
    double total = 0;
    for (const double weight : weights) total += weight;
    for (double& weight : weights) weight /= total;
  };
  for (std::size_t i = 0; i < n; ++i) weights[i] = member[i];
  normalise();
  for (std::int64_t round = 0; round < parameters.integer("iterations"); ++round) {
    const std::vector<double> distances = squared_distances_from(points, weights, n);
    double nearest = kUnbounded;
    for (std::size_t i = 0; i < n; ++i)
      if (member[i]) nearest = std::min(nearest, std::max(nu, std::sqrt(distances[i])));
    for (std::size_t i = 0; i < n; ++i)
      weights[i] = member[i] ? nearest / std::max(nu, std::sqrt(distances[i])) : 0;
    normalise();
  }
  return weights;
}

// The geometric medians of all subsets of that size, in lexicographic order; none where squares
// overflow and no distance can tell.
template <class Real>
std::vector<Weights> medians_of_subsets(const RuleInput<Real>& input,
                                        const std::vector<const Real*>& vectors, std::size_t size) {
  const auto points = centred_vectors<Real>(vectors, input.dimension, input.executor);
  for (std::size_t i = 0; i < vectors.size(); ++i)
    if (!reachable(points.known.products, i)) return {};
  std::vector<Weights> medians;
  std::vector<char> member(vectors.size(), 0);
  std::fill_n(member.begin(), size, char{1});
  do {
    input.executor.interruption_point();
    medians.push_back(median_of_subset(points, member, input.parameters));
  } while (std::prev_permutation(member.begin(), member.end()));
  return medians;
}

// The means of the lowest and of the highest values, of all means of `size` of them.
Interval box_of_means(const std::vector<double>& sorted, std::size_t size) {
  Interval box{0, 0};
  const double count = double(size);
  // Divided before they are added: sums of huge doubles overflow.
  for (std::size_t k = 0; k < size; ++k) {
    box.low += sorted[k] / count;
    box.high += sorted[sorted.size() - size + k] / count;
  }
  return box;
}

Interval box_of_medians(const std::vector<double>& values, const std::vector<Weights>& medians) {
  Interval box{kUnbounded, -kUnbounded};
  for (const Weights& weights : medians) {
    double value = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (weights[i] > 0) value += weights[i] * values[i];
    box = {std::min(box.low, value), std::max(box.high, value)};
  }
  return box;
}

// Of one coordinate. The boxes overlap but for rounding: a subset without the `trim` lowest values
// has no mean below the trusted ones.
double middle_of_boxes(const std::vector<double>& values, std::size_t trim,
                       const std::vector<Weights>& medians, bool of_mean) {
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  const Interval trusted{sorted[trim], sorted[sorted.size() - 1 - trim]};
  const Interval box =
      of_mean ? box_of_means(sorted, sorted.size() - trim) : box_of_medians(values, medians);
  const double low = std::clamp(box.low, trusted.low, trusted.high);
  const double high = std::clamp(box.high, trusted.low, trusted.high);
  return low / 2 + high / 2;
}

template <class Real>
void aggregate_hyperbox(const RuleInput<Real>& input, Real* out) {
  const int n = input.n(), f = input.f;
  BYZ_CHECK(f >= 0 && n > 2 * f, "what is left without f values at either end is a box");
  std::vector<const Real*> vectors;
  for (const Real* vector : input.vectors)
    if (all_finite(vector, input.dimension)) vectors.push_back(vector);
  if (vectors.empty()) return mean_of_selected<Real>(input, finite_first(input), out);
  // A vector that is not finite counts as one that never came, and was Byzantine.
  const auto trim =
      static_cast<std::size_t>(std::max(0, f - (n - static_cast<int>(vectors.size()))));
  const bool of_mean = input.parameters.word("of") == "mean";
  std::vector<Weights> medians;
  if (!of_mean) {
    medians = medians_of_subsets(input, vectors, vectors.size() - trim);
    if (medians.empty()) return mean_of_selected<Real>(input, finite_first(input), out);
  }
  for_each_shard(input.executor, input.dimension, [&](Shard shard, std::size_t) {
    std::vector<double> values(vectors.size());
    for (std::size_t c = shard.begin; c < shard.end; ++c) {
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = double(vectors[i][c]);
      out[c] = static_cast<Real>(middle_of_boxes(values, trim, medians, of_mean));
    }
  });
}

std::optional<std::string> problem_hyperbox(const Parameters& parameters, std::int64_t n,
                                            std::int64_t f, bool) {
  if (parameters.word("of") == "mean" || subset_count(n, n - f) <= kMostSubsets)
    return std::nullopt;
  return fmt::format(
      "hyperbox of geometric medians looks at every subset of n - f vectors, at most {:.0f} of "
      "them, and there are more subsets of {} among {} vectors (\"of\": \"mean\" needs none)",
      kMostSubsets, n - f, n);
}

}  // namespace

Rule hyperbox() {
  return {
      .declaration =
          {.name = "hyperbox",
           .summary = "the midpoint of the box that is left in every coordinate without the f "
                      "lowest and highest values, intersected with the box of the geometric "
                      "medians, or means, of all n-f vectors",
           .source = "BOX-GEOM and BOX-MEAN (arXiv 2504.01504), as we understand them: one round "
                     "of an agreement that repeats them; as we understand it n > 3f is needed",
           .parameters = {word("of", {"geometric_median", "mean"},
                               "what the second box surrounds, of every subset of n-f vectors"),
                          integer("iterations", 30, 0, 1e6,
                                  "Weiszfeld rounds of a median, from the mean on")
                              .only_while("of", "geometric_median"),
                          real("nu", 1e-12, 1e-100, 1e100,
                               "smallest distance that a weight divides by")
                              .only_while("of", "geometric_median")},
           .aliases = {"BOX-GEOM", "BOX-MEAN"},
           .presets = {{"BOX-MEAN", "of", "mean"}}},
      .proven = {3, 1},
      .computable = {2, 1},
      .aggregate_float = aggregate_hyperbox<float>,
      .aggregate_double = aggregate_hyperbox<double>,
      .growth = Growth::sorting,
      .cost = "n log(n) d, and n d for every subset of n-f vectors",
      .problem = problem_hyperbox};
}

}  // namespace byzsim::rules_list
