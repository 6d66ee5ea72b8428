#include <numeric>

#include "adversaries/attacks/honest_statistics.h"
#include "adversaries/attacks/line_search.h"

namespace byzsim::attacks_list {
namespace {

// Moves `point` as far as takes `strength` times what the honest neighbours would move the
// receiver's weighted mean back from it.
template <class Real>
void move_away(const AttackTarget<Real>& target, double strength, std::vector<double>& point) {
  BYZ_CHECK(target.weights.size() == target.neighbours.size(), "every neighbour has a weight");
  const double byzantine_weight =
      std::accumulate(target.byzantine_weights.begin(), target.byzantine_weights.end(), 0.0);
  BYZ_CHECK(byzantine_weight > 0, "a Byzantine node is a neighbour of its receiver");
  const double scale = strength / byzantine_weight;
  for (std::size_t j = 0; j < target.neighbours.size(); ++j)
    for (std::size_t i = 0; i < point.size(); ++i)
      point[i] -=
          scale * target.weights[j] * (double(target.neighbours[j][i]) - double(target.own[i]));
}

template <class Real>
std::vector<Real> craft_dissensus(AttackInput<Real> input) {
  if (input.target == nullptr || input.target->own == nullptr) return own_vector(input);
  std::vector<double> own(input.target->own, input.target->own + input.dimension());
  if (!input.parameters.is_word("strength")) {
    move_away(*input.target, input.parameters.real("strength"), own);
    return rounded<Real>(own);
  }
  std::vector<double> direction(own.size(), 0.0);
  move_away(*input.target, 1, direction);
  return most_damaging(input, own, Line{own, direction});
}

}  // namespace

Attack dissensus() {
  return {
      .declaration =
          {.name = "dissensus",
           .summary = "to each neighbour: its own vector minus strength times the weighted "
                      "differences to its honest neighbours, over the Byzantine weight; an honest "
                      "vector where it is not known",
           .source =
               "ClippedGossip (He et al., 2022) with 1.5; strength 1 makes plain gossip stand "
               "still, as the isolation attack of IOS does; searched as in "
               "renaudgaucher/Byzantine-Robust-Gossip, whose search is \"evaluations\": 16, "
               "\"delta\": 1",
           .parameters = strength_parameters(
               real("strength", 1.5, 0, 1e12,
                    "how much of what the honest neighbours would move is taken back; search: what "
                    "moves the receiver's combine farthest")
                   .or_word("search"))},
      .uses_honest = true,
      .craft_float = craft_dissensus<float>,
      .craft_double = craft_dissensus<double>,
      .per_receiver = true};
}

}  // namespace byzsim::attacks_list
