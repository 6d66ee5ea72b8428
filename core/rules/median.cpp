#include <cmath>

#include "core/kernels/order_statistics.h"
#include "core/machine/shards.h"
#include "core/rules/middle.h"
#include "core/rules/rule.h"

namespace byzsim::rules_list {
namespace {

template <class Real>
void aggregate_median(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.n() >= 1, "the median of no vectors does not exist");
  const Middle middle = middle_of(input.parameters);
  for_each_shard(input.executor, input.dimension, [&](Shard shard, std::size_t) {
    coordinatewise_median(input.vectors, shard.begin, shard.end, middle, out);
  });
}

double variance_bound_median(int n, int f) { return 1 / std::sqrt(static_cast<double>(n - f)); }

}  // namespace

Rule median() {
  return {
      .declaration =
          {.name = "median",
           .summary = "the median of every coordinate",
           .source = "Yin et al., ICML 2018; the DMC of El-Mhamdi et al., PODC 2020, which defines "
                     "no median of an even number, as far as we know",
           .parameters = {word(
               "middle", {"mean", "lower", "upper"},
               "median of an even number: the mean of the two middle values, or one of them")},
           .aliases = {"Median", "CWMed", "cm", "CoordinateWiseMedian", "wise_median"}},
      .proven = {2, 1},
      .computable = {0, 1},
      .aggregate_float = aggregate_median<float>,
      .aggregate_double = aggregate_median<double>,
      .growth = Growth::sorting,
      .cost = "n log(n) d",
      .variance_bound = variance_bound_median,
      .coordinatewise = true};
}

}  // namespace byzsim::rules_list
