#include "core/kernels/order_statistics.h"
#include "core/machine/shards.h"
#include "core/rules/middle.h"
#include "core/rules/rule.h"

namespace byzsim::rules_list {
namespace {

template <class Real>
void aggregate_meamed(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.f >= 0 && input.n() > input.f, "Meamed averages n - f values, at least one");
  // The median stays a double: rounded to float it could decide a tie the other way.
  const MedianCentre centre{middle_of(input.parameters)};
  for_each_shard(input.executor, input.dimension, [&](Shard shard, std::size_t) {
    coordinatewise_mean_nearest(input.vectors, shard.begin, shard.end,
                                static_cast<std::size_t>(input.n() - input.f), centre, out);
  });
}

}  // namespace

Rule meamed() {
  return {
      .declaration = {.name = "meamed",
                      .summary = "mean around the median: in every coordinate the mean of the n-f "
                                 "values nearest to the median; the lower of two equally near ones",
                      .source = "Xie et al., 2018, arXiv 1802.10116",
                      .parameters = {word("middle", {"mean", "lower", "upper"},
                                          "median of an even number: the mean of the two middle "
                                          "values as in ByzFL, or one of them")},
                      .aliases = {"Meamed", "MeanOfMedians", "averaged-median"}},
      .proven = {2, 1},
      .computable = {1, 1},
      .aggregate_float = aggregate_meamed<float>,
      .aggregate_double = aggregate_meamed<double>,
      .growth = Growth::sorting,
      .cost = "n log(n) d",
      .coordinatewise = true};
}

}  // namespace byzsim::rules_list
