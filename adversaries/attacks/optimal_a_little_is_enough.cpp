#include "adversaries/attacks/departure.h"
#include "adversaries/attacks/honest_statistics.h"
#include "adversaries/attacks/line_search.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft_optimal_a_little_is_enough(AttackInput<Real> input) {
  const std::vector<double> mean = honest_mean(input);
  const auto from = departure(input, mean);
  if (!from) return own_vector(input);
  return most_damaging(input, mean, Line{*from, honest_deviation(input, mean, 1)});
}

}  // namespace

Attack optimal_a_little_is_enough() {
  return {
      .declaration =
          {.name = "optimal_a_little_is_enough",
           .summary = "mean + z * standard deviation of the visible honest vectors, "
                      "with the z that moves the aggregate farthest from the mean",
           .source =
               "ByzFL: Optimal_ALittleIsEnough, whose search is \"delta\": 10, \"evaluations\": "
               "20; after Shejwalkar and Houmansadr, NDSS 2021; the default search is byzsim's own",
           .parameters = departing_search_parameters("mean"),
           .aliases = {"Optimal_ALittleIsEnough", "Opt-ALIE"}},
      .uses_honest = true,
      .craft_float = craft_optimal_a_little_is_enough<float>,
      .craft_double = craft_optimal_a_little_is_enough<double>,
      .departs = true,
      .searches = true};
}

}  // namespace byzsim::attacks_list
