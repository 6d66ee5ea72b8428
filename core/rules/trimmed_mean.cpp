#include "core/kernels/order_statistics.h"
#include "core/machine/shards.h"
#include "core/rules/rule.h"

namespace byzsim::rules_list {
namespace {

template <class Real>
void aggregate_trimmed_mean(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.f >= 0 && input.n() > 2 * input.f, "trimming must leave a vector");
  for_each_shard(input.executor, input.dimension, [&](Shard shard, std::size_t) {
    // By coordinate, f at each end: which vectors are trimmed may differ from one to the next.
    coordinatewise_trimmed_mean(input.vectors, shard.begin, shard.end,
                                static_cast<std::size_t>(input.f), out);
  });
}

}  // namespace

Rule trimmed_mean() {
  return {
      .declaration = {.name = "trimmed_mean",
                      .summary =
                          "the mean of every coordinate without its f lowest and f highest values",
                      .source = "Yin et al., ICML 2018",
                      .aliases = {"TrMean", "trmean", "tm", "TrimmedMean", "FedTrimmedAvg"}},
      .proven = {2, 1},
      .computable = {2, 1},
      .aggregate_float = aggregate_trimmed_mean<float>,
      .aggregate_double = aggregate_trimmed_mean<double>,
      .growth = Growth::sorting,
      .cost = "n log(n) d",
      .coordinatewise = true};
}

}  // namespace byzsim::rules_list
