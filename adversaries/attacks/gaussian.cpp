#include "adversaries/attacks/attack.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft_gaussian(AttackInput<Real> input) {
  const double mean = input.parameters.real("mean");
  const double deviation = input.parameters.real("deviation");
  std::vector<Real> forged(input.dimension());
  for (Real& value : forged) value = static_cast<Real>(mean + deviation * input.stream.normal());
  return forged;
}

}  // namespace

Attack gaussian() {
  return {.declaration = {.name = "gaussian",
                          .summary = "independent normal noise in every coordinate",
                          .source = "ByzFL (mean 0, standard deviation 1); Blanchard et al., "
                                    "NeurIPS 2017 (standard deviation 200)",
                          .parameters = {real("mean", 0, -1e12, 1e12, "mean of each coordinate"),
                                         real("deviation", 1, 0, 1e12,
                                              "standard deviation of each coordinate")},
                          .aliases = {"Gaussian", "Noise"}},
          .uses_honest = false,
          .craft_float = craft_gaussian<float>,
          .craft_double = craft_gaussian<double>};
}

}  // namespace byzsim::attacks_list
