#include "core/exact/permutation.h"
#include "core/pre_aggregators/pre_aggregator.h"

namespace byzsim::pre_aggregators_list {
namespace {

std::size_t bucket_count(std::size_t n, std::size_t size) { return n / size + (n % size != 0); }

template <class Real>
std::vector<Mixture> mix_bucketing(const RuleInput<Real>& input) {
  const auto size = static_cast<std::size_t>(input.parameters.integer("size"));
  BYZ_CHECK(input.n() >= 1, "there is nothing to put into buckets");
  // From the stream of this aggregation: every receiver and step has groups of its own.
  const auto shuffled = random_permutation(input.vectors.size(), input.stream);
  std::vector<Mixture> means(bucket_count(shuffled.size(), size));
  for (std::size_t i = 0; i < shuffled.size(); ++i) means[i / size].of.push_back(shuffled[i]);
  return means;
}

std::int64_t outputs(const Parameters& parameters, std::int64_t n) {
  return static_cast<std::int64_t>(bucket_count(
      static_cast<std::size_t>(n), static_cast<std::size_t>(parameters.integer("size"))));
}

}  // namespace

PreAggregator bucketing() {
  return {
      .declaration = {.name = "bucketing",
                      .summary =
                          "the means of random groups of vectors; the mean of a group with a "
                          "non-finite vector is non-finite; the f of the rule then counts groups",
                      .source = "Karimireddy et al., ICLR 2022",
                      .parameters = {integer("size", 2, 1, kMostVectors,
                                             "vectors in a group; the last may have fewer")},
                      .aliases = {"Bucketing", "resampling"}},
      .computable = {0, 1},
      .mix_float = mix_bucketing<float>,
      .mix_double = mix_bucketing<double>,
      .outputs = outputs,
      .cost = "n d"};
}

}  // namespace byzsim::pre_aggregators_list
