// The two halves of the honest nodes are pushed away from each other: each hears something beyond
// its own mean, on the side where the other half is not.
#include "adversaries/attacks/attack.h"

namespace byzsim::attacks_list {
namespace {

// The mean of the honest vectors of one half in double; empty when none is known.
template <class Real>
std::vector<double> mean_of_half(const AttackInput<Real>& input, int half) {
  std::vector<double> mean;
  double count = 0;
  for (std::size_t i = 0; i < input.honest.size(); ++i) {
    // In `eval` nobody has a half, and every vector is left out.
    if (i >= input.honest_halves.size() || input.honest_halves[i] != half) continue;
    mean.resize(input.dimension(), 0.0);
    for (std::size_t c = 0; c < mean.size(); ++c) mean[c] += double(input.honest[i][c]);
    ++count;
  }
  for (double& value : mean) value /= count;
  return mean;
}

template <class Real>
std::vector<Real> craft_split(AttackInput<Real> input) {
  std::vector<Real> forged(input.own.begin(), input.own.end());
  const std::vector<double> here = mean_of_half(input, input.half);
  const std::vector<double> there = mean_of_half(input, 1 - input.half);
  if (here.empty() || there.empty()) return forged;  // nothing to push away from
  const double push = input.parameters.real("push");
  for (std::size_t c = 0; c < forged.size(); ++c)
    forged[c] = static_cast<Real>(here[c] + push * (here[c] - there[c]));
  return forged;
}

}  // namespace

Attack split() {
  return {.declaration = {.name = "split",
                          .summary = "sends each half of the nodes the mean of that half plus push "
                                     "times its difference from the other half's",
                          .source = "byzsim's own",
                          .parameters = {real("push", 1, 0, 1e12,
                                              "factor of the difference between the halves")}},
          .uses_honest = true,
          .craft_float = craft_split<float>,
          .craft_double = craft_split<double>,
          .per_half = true};
}

}  // namespace byzsim::attacks_list
