#include "adversaries/honest_statistics.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft(AttackInput<Real> input) {
  const double factor = input.parameters.real("factor");
  std::vector<double> said = input.parameters.word("of") == "mean"
                                 ? honest_mean(input)
                                 : std::vector<double>(input.own.begin(), input.own.end());
  for (double& value : said) value *= -factor;
  return rounded<Real>(said);
}

}  // namespace

Attack sign_flipping() {
  return {{"sign_flipping",
           "-factor times the mean of the honest vectors it knows, or times its own",
           "ByzFL flips the mean; others flip each Byzantine node's own vector",
           {word("of", {"mean", "own"}, "what is flipped"),
            real("factor", 1, 0, 1e12, "length of the flipped vector")}},
          true,
          craft<float>,
          craft<double>};
}

}  // namespace byzsim::attacks_list
