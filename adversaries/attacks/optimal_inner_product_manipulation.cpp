#include "adversaries/attacks/departure.h"
#include "adversaries/attacks/honest_statistics.h"
#include "adversaries/attacks/line_search.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft_optimal_inner_product_manipulation(AttackInput<Real> input) {
  const std::vector<double> mean = honest_mean(input);
  const auto from = departure(input, std::vector<double>(mean.size(), 0.0));
  if (!from) return own_vector(input);
  Line line{*from, mean};
  for (double& value : line.direction) value = -value;
  return most_damaging(input, mean, line);
}

}  // namespace

Attack optimal_inner_product_manipulation() {
  return {
      .declaration = {.name = "optimal_inner_product_manipulation",
                      .summary =
                          "-tau times the mean of the visible honest vectors, with the tau that "
                          "moves the aggregate farthest from it",
                      .source = "ByzFL: Optimal_InnerProductManipulation, whose search is "
                                "\"delta\": 10, \"evaluations\": 20; after Shejwalkar and "
                                "Houmansadr, NDSS 2021; the default search is byzsim's own",
                      .parameters = departing_search_parameters("zero"),
                      .aliases = {"Optimal_InnerProductManipulation", "Opt-IPM"}},
      .uses_honest = true,
      .craft_float = craft_optimal_inner_product_manipulation<float>,
      .craft_double = craft_optimal_inner_product_manipulation<double>,
      .departs = true,
      .searches = true};
}

}  // namespace byzsim::attacks_list
