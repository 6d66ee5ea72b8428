#include <optional>
#include <string>

#include "core/rules/vector_weights.h"
#include "core/rules/weiszfeld.h"

namespace byzsim::rules_list {
namespace {

template <class Real>
void aggregate_weighted_geometric_median(const RuleInput<Real>& input, Real* out) {
  const WeightedVectors<Real> weighted = weighted_vectors(input);
  weiszfeld<Real>(input_of_weighted(input, weighted), weighted.weights, out);
}

std::optional<std::string> problem_weighted_geometric_median(const Parameters& parameters,
                                                             std::int64_t, std::int64_t f,
                                                             bool unsafe) {
  if (unsafe || f == 0) return std::nullopt;
  if (!stays_at_plain_mean(parameters)) return std::nullopt;
  return "weighted_geometric_median without rounds (\"iterations\" is 0) is the plain mean it "
         "starts from";
}

}  // namespace

Rule weighted_geometric_median() {
  return {
      .declaration =
          {.name = "weighted_geometric_median",
           .summary =
               "smoothed Weiszfeld iteration: means by weight over the distance to the previous "
               "iterate",
           .source =
               "weighted Weiszfeld in code of Dahan and Levy, with nu above 0; geometric_median "
               "with equal weights; condition: that of equal weights",
           .parameters = weiszfeld_parameters(),
           .aliases = {"WeightedGeometricMedian"}},
      .proven = {2, 1},
      .computable = {0, 1},
      .aggregate_float = aggregate_weighted_geometric_median<float>,
      .aggregate_double = aggregate_weighted_geometric_median<double>,
      .growth = Growth::pairs,
      .cost = "n^2 d",
      .uses_weights = true,
      .problem = problem_weighted_geometric_median};
}

}  // namespace byzsim::rules_list
