#include "adversaries/attacks/honest_statistics.h"

namespace byzsim::attacks_list {
namespace {

// Moves the receiver's weighted mean away from its honest neighbours, by `strength` times what they
// would move it towards them.
template <class Real>
std::vector<Real> craft_dissensus(AttackInput<Real> input) {
  if (input.target == nullptr || input.target->own == nullptr) return own_vector(input);
  const AttackTarget<Real>& target = *input.target;
  BYZ_CHECK(target.byzantine_weight > 0, "a Byzantine node is a neighbour of its receiver");
  BYZ_CHECK(target.weights.size() == target.neighbours.size(), "every neighbour has a weight");
  const double scale = input.parameters.real("strength") / target.byzantine_weight;
  std::vector<double> forged(target.own, target.own + input.dimension());
  for (std::size_t j = 0; j < target.neighbours.size(); ++j)
    for (std::size_t i = 0; i < forged.size(); ++i)
      forged[i] -=
          scale * target.weights[j] * (double(target.neighbours[j][i]) - double(target.own[i]));
  return rounded<Real>(forged);
}

}  // namespace

Attack dissensus() {
  return {.declaration = {.name = "dissensus",
                          .summary = "to each neighbour: its own vector minus strength times the "
                                     "weighted differences to its honest neighbours, over the "
                                     "Byzantine weight; an honest vector where it is not known",
                          .source = "ClippedGossip (He et al., 2022) with 1.5; strength 1 makes "
                                    "plain gossip stand still, as the isolation attack of IOS does",
                          .parameters = {real("strength", 1.5, 0, 1e12,
                                              "how much of what the honest neighbours would move "
                                              "is taken back")}},
          .uses_honest = true,
          .craft_float = craft_dissensus<float>,
          .craft_double = craft_dissensus<double>,
          .per_receiver = true};
}

}  // namespace byzsim::attacks_list
