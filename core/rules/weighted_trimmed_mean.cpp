#include <algorithm>

#include "core/kernels/order_statistics.h"
#include "core/machine/shards.h"
#include "core/rules/vector_weights.h"

namespace byzsim::rules_list {
namespace {

// The values side by side on [0, total], each as wide as its weight: the mean over the interval
// without `trimmed` at each end. A value at a boundary counts by what is within.
template <class Real>
Real mean_within(const WeightedVectors<Real>& weighted, const RankedColumn& ranked, double trimmed,
                 std::size_t coordinate) {
  const double slack = kWeightSlack * weighted.total, end = weighted.total - trimmed;
  double sum = 0, up_to = 0, lowest = 0, highest = 0;
  bool first = true;
  for (const auto& [key, index] : ranked) {
    const double from = std::max(up_to, trimmed);
    up_to += weighted.weights[index];
    const double width = std::min(up_to, end) - from;
    // Rounding leaves no sliver of a value that is trimmed, which may be infinite.
    if (width <= slack) continue;
    highest = ordered_value(weighted.vectors[index][coordinate]);
    if (first) lowest = highest;
    first = false;
    sum += width / (end - trimmed) * highest;
  }
  // Rounding may carry a mean just beyond the values, and the largest numbers beyond all.
  return static_cast<Real>(std::clamp(sum, lowest, highest));
}

template <class Real>
void aggregate_weighted_trimmed_mean(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.f >= 0 && input.n() > 2 * input.f, "trimming must leave some weight");
  const WeightedVectors<Real> weighted = weighted_vectors(input);
  const bool by_count = weighted.equal && is_default_share(input.parameters);
  const double trimmed = byzantine_share(input) * weighted.total;
  for_each_shard(input.executor, input.dimension, [&](Shard shard, std::size_t) {
    if (by_count)
      return coordinatewise_trimmed_mean(input.vectors, shard.begin, shard.end,
                                         static_cast<std::size_t>(input.f), out);
    RankedColumn ranked;
    for (std::size_t c = shard.begin; c < shard.end; ++c) {
      rank_column<Real>(weighted.vectors, c, ranked);
      out[c] = mean_within(weighted, ranked, trimmed, c);
    }
  });
}

}  // namespace

Rule weighted_trimmed_mean() {
  return {
      .declaration =
          {.name = "weighted_trimmed_mean",
           .summary = "per coordinate the weighted mean without a share of the total weight at "
                      "each end; a value at the boundary counts by the part of its weight that is "
                      "left",
           .source = "trimmed_mean with vectors counted by their weight, which is n times that of "
                     "the vector over the total; with equal weights the same; condition: that of "
                     "equal weights",
           .parameters = {byzantine_share_parameter(
               "share of the total weight that is dropped at each end of every coordinate")},
           .aliases = {"WeightedTrimmedMean"}},
      .proven = {2, 1},
      .computable = {2, 1},
      .aggregate_float = aggregate_weighted_trimmed_mean<float>,
      .aggregate_double = aggregate_weighted_trimmed_mean<double>,
      .growth = Growth::sorting,
      .cost = "n log(n) d",
      .coordinatewise = true,
      .uses_weights = true};
}

}  // namespace byzsim::rules_list
