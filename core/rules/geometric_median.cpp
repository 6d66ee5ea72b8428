#include <optional>
#include <string>
#include <vector>

#include "core/rules/weiszfeld.h"

namespace byzsim::rules_list {
namespace {

template <class Real>
void aggregate_geometric_median(const RuleInput<Real>& input, Real* out) {
  weiszfeld<Real>(input, std::vector<double>(input.vectors.size(), 1.0), out);
}

std::optional<std::string> problem_geometric_median(const Parameters& parameters, std::int64_t,
                                                    std::int64_t f, bool unsafe) {
  if (unsafe || f == 0) return std::nullopt;
  if (!stays_at_plain_mean(parameters)) return std::nullopt;
  return "geometric_median without rounds (\"iterations\" is 0) is the plain mean it starts from";
}

}  // namespace

Rule geometric_median() {
  return {
      .declaration = {.name = "geometric_median",
                      .summary =
                          "smoothed Weiszfeld iteration: means weighted by the inverse distance to "
                          "the previous iterate",
                      .source = "Pillutla et al., IEEE TSP 2022 (RFA); defaults as in ByzFL",
                      .parameters = weiszfeld_parameters(),
                      .aliases = {"GeometricMedian", "GeoMed", "RFA"}},
      .proven = {2, 1},
      .computable = {0, 1},
      .aggregate_float = aggregate_geometric_median<float>,
      .aggregate_double = aggregate_geometric_median<double>,
      .growth = Growth::pairs,
      .cost = "n^2 d",
      .problem = problem_geometric_median};
}

}  // namespace byzsim::rules_list
