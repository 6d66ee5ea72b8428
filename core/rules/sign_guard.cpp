// Two filters that look at different things: lengths, and the shares of positive, zero and negative
// coordinates, whose largest cluster is taken to be honest.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <string>

#include "core/kernels/distances_to_point.h"
#include "core/kernels/weighted_mean.h"
#include "core/rules/mean_shift.h"
#include "core/rules/selection.h"

namespace byzsim::rules_list {
namespace {

// The shares of positive, zero and negative coordinates in a drawn slice, each relative to the
// largest such share of all vectors.
template <class Real>
std::vector<FeaturePoint> signs_in_slice(const RuleInput<Real>& input) {
  const double wanted = input.parameters.real("slice") * double(input.dimension);
  const auto length = std::clamp(static_cast<std::size_t>(wanted), std::size_t{1}, input.dimension);
  Stream stream = input.stream;
  const std::size_t begin = stream.below(input.dimension - length + 1);
  std::vector<FeaturePoint> signs;
  FeaturePoint most{};
  for (const Real* vector : input.vectors) {
    FeaturePoint counts{};
    for (std::size_t c = begin; c < begin + length; ++c)
      // NaN counts as infinity does: as positive.
      ++counts[vector[c] == 0 ? 1 : vector[c] < 0 ? 2 : 0];
    for (std::size_t k = 0; k < most.size(); ++k) most[k] = std::max(most[k], counts[k]);
    signs.push_back(counts);
  }
  for (FeaturePoint& counts : signs)
    for (std::size_t k = 0; k < most.size(); ++k)
      if (most[k] > 0) counts[k] /= most[k];
  return signs;
}

// The lower of two middle ones, so that a minority of infinite norms never decides.
double lower_median(std::vector<double> norms) {
  const auto middle = norms.begin() + static_cast<std::ptrdiff_t>((norms.size() - 1) / 2);
  std::nth_element(norms.begin(), middle, norms.end());
  return *middle;
}

// Those that both filters keep or, where there are none, those that the norms let pass.
std::vector<std::size_t> trusted_by_signs(const std::vector<std::size_t>& usual,
                                          const std::vector<std::size_t>& cluster) {
  std::vector<std::size_t> both;
  std::set_intersection(usual.begin(), usual.end(), cluster.begin(), cluster.end(),
                        std::back_inserter(both));
  return both.empty() ? usual : both;
}

// The mean of the vectors, each shortened to a norm of at most `most`.
template <class Real>
void mean_of_shortened(const RuleInput<Real>& input, const std::vector<double>& norms,
                       const std::vector<std::size_t>& selected, double most, Real* out) {
  std::vector<const Real*> vectors;
  std::vector<double> weights;
  double rest = 1;
  for (const std::size_t i : selected) {
    vectors.push_back(input.vectors[i]);
    const double factor = norms[i] > most ? most / norms[i] : 1;
    weights.push_back(factor / double(selected.size()));
    rest -= weights.back();
  }
  // What is cut off goes to the zero vector.
  vectors.push_back(nullptr);
  weights.push_back(std::max(0.0, rest));
  weighted_mean<Real>(vectors, weights, input.dimension, input.executor, out);
}

template <class Real>
void aggregate_sign_guard(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.n() >= 1, "there are no norms without vectors");
  const std::vector<double> norms = norms_of(input.vectors, input.dimension, input.executor);
  const double median = lower_median(norms);
  // Squares of huge doubles overflow: no norm can tell then.
  if (!std::isfinite(median)) return mean_of_selected<Real>(input, finite_first(input), out);
  std::vector<std::size_t> usual;
  for (std::size_t i = 0; i < norms.size(); ++i)
    if (norms[i] > input.parameters.real("low") * median &&
        norms[i] < input.parameters.real("high") * median)
      usual.push_back(i);
  // The median is 0, or the bounds leave none.
  if (usual.empty()) usual = finite_first(input);
  std::sort(usual.begin(), usual.end());
  const std::vector<std::size_t> cluster =
      largest_mean_shift_cluster(signs_in_slice(input), input.parameters.real("quantile"));
  const auto selected = trusted_by_signs(usual, cluster);
  mean_of_shortened(input, norms, selected, median, out);
}

std::optional<std::string> problem_sign_guard(const Parameters& parameters, std::int64_t,
                                              std::int64_t, bool) {
  const double low = parameters.real("low"), high = parameters.real("high");
  if (low < high) return std::nullopt;
  return fmt::format(
      "sign_guard keeps vectors whose norm is between {} and {} times the median "
      "(\"low\" and \"high\"), and there is nothing between",
      low, high);
}

}  // namespace

Rule sign_guard() {
  return {
      .declaration =
          {.name = "sign_guard",
           .summary = "keeps vectors of usual norm whose signs, in a drawn slice, are in the "
                      "largest cluster; the mean of them, clipped to the median norm",
           .source = "Xu et al., ICDCS 2022, as we understand it; steps and defaults as in the "
                     "code of FL-Byzantine-Library; condition: a majority of honest vectors",
           .parameters =
               {real("low", 0.1, 0, kUnbounded,
                     "vectors whose norm is at most this times the median norm are removed"),
                real("high", 3, 0, kUnbounded,
                     "vectors whose norm is at least this times the median norm are removed"),
                real("slice", 0.1, 0, 1,
                     "the share of the coordinates, one after the other from a drawn one on, whose "
                     "signs are counted"),
                real("quantile", 0.5, 0, 1,
                     "the bandwidth of the clusters is the mean distance from a vector's signs to "
                     "those within which this share of all vectors lies")},
           .aliases = {"SignGuard"}},
      .proven = {2, 1},
      .computable = {0, 1},
      .aggregate_float = aggregate_sign_guard<float>,
      .aggregate_double = aggregate_sign_guard<double>,
      .most_vectors = 1000,
      .cost = "n d + n^2 rounds",
      .problem = problem_sign_guard};
}

}  // namespace byzsim::rules_list
