#include "adversaries/attacks/departure.h"
#include "adversaries/attacks/honest_statistics.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft_inner_product_manipulation(AttackInput<Real> input) {
  const double tau = input.parameters.real("tau");
  std::vector<double> reversed = honest_mean(input);
  for (double& value : reversed) value *= -tau;
  const auto from = departure(input, {});
  if (!from) return own_vector(input);
  for (std::size_t c = 0; c < from->size(); ++c) reversed[c] += (*from)[c];
  return rounded<Real>(reversed);
}

}  // namespace

Attack inner_product_manipulation() {
  return {.declaration = {.name = "inner_product_manipulation",
                          .summary = "-tau times the mean of the visible honest vectors",
                          .source = "Fall of Empires (Xie et al., UAI 2019); tau 2 as ByzFL, 0.1 "
                                    "as epfml; the factor of krum is 1 + tau",
                          .parameters = {real("tau", 2, 0, 1e12, "length of the reversed mean"),
                                         departure_parameter("zero")},
                          .aliases = {"IPM", "InnerProductManipulation", "FoE", "Fall of Empires",
                                      "empire"}},
          .uses_honest = true,
          .craft_float = craft_inner_product_manipulation<float>,
          .craft_double = craft_inner_product_manipulation<double>,
          .departs = true};
}

}  // namespace byzsim::attacks_list
