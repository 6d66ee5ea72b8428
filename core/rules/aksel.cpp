#include "core/kernels/distances_to_point.h"
#include "core/kernels/order_statistics.h"
#include "core/machine/shards.h"
#include "core/rules/selection.h"

namespace byzsim::rules_list {
namespace {

template <class Real>
void aggregate_aksel(const RuleInput<Real>& input, Real* out) {
  const int n = input.n();
  const int kept = input.parameters.word("mode") == "mid" ? (n + 1) / 2 : n - input.f;
  BYZ_CHECK(kept >= 1 && kept <= n, "Aksel averages 1 to n vectors");
  std::vector<Real> median(input.dimension);
  for_each_shard(input.executor, input.dimension, [&](Shard shard, std::size_t) {
    // The centre, not the result: a single Byzantine vector cannot carry a median away.
    coordinatewise_median(input.vectors, shard.begin, shard.end, Middle::mean, median.data());
  });
  const std::vector<double> distances =
      squared_distances_to<Real>(median.data(), input.vectors, input.dimension, input.executor);
  mean_of_selected<Real>(input, least_scored(input, distances, static_cast<std::size_t>(kept)),
                         out);
}

}  // namespace

Rule aksel() {
  return {
      .declaration = {.name = "aksel",
                      .summary = "the mean of the vectors nearest to the coordinate-wise median",
                      .source = "Boussetta et al., OPODIS 2020",
                      .parameters = {word(
                          "mode", {"mid", "n-f"},
                          "number of averaged vectors: half of them, rounded up, or n-f")},
                      .aliases = {"Aksel"}},
      .proven = {2, 1},
      .computable = {1, 1},
      .aggregate_float = aggregate_aksel<float>,
      .aggregate_double = aggregate_aksel<double>,
      .growth = Growth::sorting,
      .cost = "n log(n) d"};
}

}  // namespace byzsim::rules_list
