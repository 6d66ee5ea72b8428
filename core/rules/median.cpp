#include <cmath>

#include "core/kernels/order_statistics.h"
#include "core/rule.h"
#include "core/shards.h"

namespace byzsim::rules_list {
namespace {

Middle middle_of(const Parameters& parameters) {
  const std::string& word = parameters.word("middle");
  if (word == "mean") return Middle::mean;
  return word == "lower" ? Middle::lower : Middle::upper;
}

template <class Real>
void aggregate(const RuleInput<Real>& input, Real* out) {
  BYZ_CHECK(input.n() >= 1, "the median of no vectors does not exist");
  const Middle middle = middle_of(input.parameters);
  for_each_shard(input.executor, input.dimension, [&](Shard shard, std::size_t) {
    coordinatewise_median(input.vectors, shard.begin, shard.end, middle, out);
  });
}

double variance_bound(int n, int f) { return 1 / std::sqrt(static_cast<double>(n - f)); }

}  // namespace

Rule median() {
  return {
      .declaration = {.name = "median",
                      .summary = "the median of every coordinate",
                      .source = "Yin et al., ICML 2018; the DMC of El-Mhamdi et al., PODC 2020",
                      .parameters = {word("middle", {"mean", "lower", "upper"},
                                          "what an even number of vectors takes: the mean of "
                                          "the two middle values, or one of them")},
                      .aliases = {"Median", "CWMed", "cm", "CoordinateWiseMedian", "wise_median"}},
      .proven = {2, 1},
      .computable = {0, 1},
      .aggregate_float = aggregate<float>,
      .aggregate_double = aggregate<double>,
      .cost = "n log(n) d",
      .variance_bound = variance_bound,
      .coordinatewise = true};
}

}  // namespace byzsim::rules_list
