#include <cmath>

#include "adversaries/attacks/departure.h"
#include "adversaries/attacks/honest_statistics.h"
#include "core/exact/portable_math.h"

namespace byzsim::attacks_list {
namespace {

// The largest z that leaves enough honest values beyond it to look like a majority: the normal
// quantile of (n - f - s) / (n - f), where s = floor(n / 2 + 1) - f honest ones must support the
// attack. 0 where the quantile is not positive.
double largest_unnoticed_z(int n, int f) {
  const int supporters = n / 2 + 1 - f, honest = n - f;
  const double p = static_cast<double>(honest - supporters) / static_cast<double>(honest);
  // At p = 1 the quantile is infinite: no honest node needs to support the attack.
  return p > 0.5 && p < 1 ? portable::normal_quantile(p) : 0.0;
}

template <class Real>
std::vector<Real> craft_a_little_is_enough(AttackInput<Real> input) {
  const Parameters& parameters = input.parameters;
  const double size =
      parameters.is_word("z") ? largest_unnoticed_z(input.n, input.f) : parameters.real("z");
  const double z = size * static_cast<double>(parameters.integer("sign"));
  const std::vector<double> mean = honest_mean(input);
  auto forged = departure(input, mean);
  if (!forged) return own_vector(input);
  const std::vector<double> deviation =
      honest_deviation(input, mean, static_cast<int>(parameters.integer("ddof")));
  for (std::size_t c = 0; c < mean.size(); ++c) (*forged)[c] += z * deviation[c];
  return rounded<Real>(*forged);
}

}  // namespace

Attack a_little_is_enough() {
  return {.declaration =
              {.name = "a_little_is_enough",
               .summary = "mean + sign * z * standard deviation of the visible honest vectors, in "
                          "every coordinate",
               .source =
                   "ALIE (Baruch et al., NeurIPS 2019), which subtracts and whose code takes both "
                   "from Byzantine nodes alone (knowledge own_messages); ByzFL adds, defaults "
                   "as there",
               .parameters = {real("z", 1.5, 0, 1e12,
                                   "standard deviations from the mean; auto: the normal quantile")
                                  .or_word("auto")
                                  .with_hint("\"sign\": -1 subtracts"),
                              integer("sign", 1, -1, 1, "1 adds, -1 subtracts, 0 sends the mean"),
                              integer("ddof", 1, 0, 1,
                                      "delta degrees of freedom of the standard deviation"),
                              departure_parameter("mean")},
               .aliases = {"ALIE", "ALittleIsEnough", "LIE", "little"}},
          .uses_honest = true,
          .craft_float = craft_a_little_is_enough<float>,
          .craft_double = craft_a_little_is_enough<double>,
          .departs = true};
}

}  // namespace byzsim::attacks_list
