#include "adversaries/attack.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft(AttackInput<Real> input) {
  const double mean = input.parameters.real("mean");
  const double deviation = input.parameters.real("deviation");
  std::vector<Real> said(input.dimension());
  for (Real& value : said) value = static_cast<Real>(mean + deviation * input.stream.normal());
  return said;
}

}  // namespace

Attack gaussian() {
  return {{"gaussian",
           "independent normal noise in every coordinate",
           "ByzFL (mean 0, deviation 1); Blanchard et al., NeurIPS 2017, with deviation 200",
           {real("mean", 0, -1e12, 1e12, "mean of each coordinate"),
            real("deviation", 1, 0, 1e12, "standard deviation of each coordinate")}},
          false,
          craft<float>,
          craft<double>};
}

}  // namespace byzsim::attacks_list
