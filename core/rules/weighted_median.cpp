#include "core/kernels/order_statistics.h"
#include "core/machine/shards.h"
#include "core/rules/vector_weights.h"

namespace byzsim::rules_list {
namespace {

// The first value with more than half of the weight up to it. Exactly half is not more, whatever
// the rounding of the sums.
template <class Real>
Real middle_by_weight(const WeightedVectors<Real>& weighted, const RankedColumn& ranked,
                      std::size_t coordinate) {
  const double half = weighted.total / 2 + kWeightSlack * weighted.total;
  double up_to = 0;
  std::size_t at = ranked.back().second;
  for (const auto& [key, index] : ranked) {
    up_to += weighted.weights[index];
    if (up_to <= half) continue;
    at = index;
    break;
  }
  return static_cast<Real>(ordered_value(weighted.vectors[at][coordinate]));
}

template <class Real>
void aggregate_weighted_median(const RuleInput<Real>& input, Real* out) {
  const WeightedVectors<Real> weighted = weighted_vectors(input);
  for_each_shard(input.executor, input.dimension, [&](Shard shard, std::size_t) {
    if (weighted.equal)
      return coordinatewise_median(input.vectors, shard.begin, shard.end, Middle::upper, out);
    RankedColumn ranked;
    for (std::size_t c = shard.begin; c < shard.end; ++c) {
      rank_column<Real>(weighted.vectors, c, ranked);
      out[c] = middle_by_weight(weighted, ranked, c);
    }
  });
}

}  // namespace

Rule weighted_median() {
  return {
      .declaration = {.name = "weighted_median",
                      .summary =
                          "per coordinate the first value, in ascending order, up to which the "
                          "values have more than half of the weight; with equal weights the upper "
                          "median",
                      .source =
                          "code of Dahan and Levy's asynchronous fault-tolerant training; "
                          "condition: that of equal weights, honest vectors have more than half of "
                          "the weight",
                      .aliases = {"WeightedMedian", "WeightedCWMed"}},
      .proven = {2, 1},
      .computable = {0, 1},
      .aggregate_float = aggregate_weighted_median<float>,
      .aggregate_double = aggregate_weighted_median<double>,
      .growth = Growth::sorting,
      .cost = "n log(n) d",
      .coordinatewise = true,
      .uses_weights = true};
}

}  // namespace byzsim::rules_list
