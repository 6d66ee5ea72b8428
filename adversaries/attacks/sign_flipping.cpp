#include "adversaries/attacks/honest_statistics.h"

namespace byzsim::attacks_list {
namespace {

template <class Real>
std::vector<Real> craft_sign_flipping(AttackInput<Real> input) {
  const double factor = input.parameters.real("factor");
  // ByzFL's definition is the default; a node that sees nobody flips its own in both.
  std::vector<double> forged = input.parameters.word("of") == "mean"
                                   ? honest_mean(input)
                                   : std::vector<double>(input.own.begin(), input.own.end());
  for (double& value : forged) value *= -factor;
  return rounded<Real>(forged);
}

}  // namespace

Attack sign_flipping() {
  return {
      .declaration =
          {.name = "sign_flipping",
           .summary = "-factor times the mean of the visible honest vectors, or times its own",
           .source =
               "ByzFL flips the mean; epfml's BitFlipping, Blades and ByzPy flip each Byzantine "
               "node's own vector",
           .parameters = {word("of", {"mean", "own"}, "what is flipped"),
                          real("factor", 1, 0, 1e12, "length of the flipped vector")},
           .aliases = {"SignFlipping", "SF", "gradient inversion", "BitFlipping"}},
      .uses_honest = true,
      .craft_float = craft_sign_flipping<float>,
      .craft_double = craft_sign_flipping<double>};
}

}  // namespace byzsim::attacks_list
