#include "core/kernels/order_statistics.h"
#include "core/machine/shards.h"
#include "core/rules/rule.h"

namespace byzsim::rules_list {
namespace {

template <class Real>
void aggregate_phocas(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.f >= 0 && input.n() > 2 * input.f, "trimming must leave a vector");
  // The centre is not rounded to float, in which two values could become equally near.
  const TrimmedMeanCentre centre{static_cast<std::size_t>(input.f)};
  for_each_shard(input.executor, input.dimension, [&](Shard shard, std::size_t) {
    coordinatewise_mean_nearest(input.vectors, shard.begin, shard.end,
                                static_cast<std::size_t>(input.n() - input.f), centre, out);
  });
}

}  // namespace

Rule phocas() {
  return {.declaration = {.name = "phocas",
                          .summary = "in every coordinate the mean of the n-f values nearest to "
                                     "the trimmed mean; the lower of two equally near ones",
                          .source = "Xie et al., 2018, arXiv 1805.09682",
                          .aliases = {"Phocas"}},
          .proven = {2, 1},
          .computable = {2, 1},
          .aggregate_float = aggregate_phocas<float>,
          .aggregate_double = aggregate_phocas<double>,
          .growth = Growth::sorting,
          .cost = "n log(n) d",
          .coordinatewise = true};
}

}  // namespace byzsim::rules_list
