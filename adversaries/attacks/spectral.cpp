#include "adversaries/attacks/honest_statistics.h"
#include "adversaries/attacks/line_search.h"

namespace byzsim::attacks_list {
namespace {

// The receiver's part of the component of the honest vectors along the Fiedler vector v: v_i times
// the sum of v_j x_j. Since v sums to 0, differences to x_i have the same sum; a node whose vector
// is not known counts as no different. The sign of v cancels out.
template <class Real>
std::vector<double> away_from_other_side(const AttackInput<Real>& input) {
  const AttackTarget<Real>& target = *input.target;
  BYZ_CHECK(target.honest_fiedler.size() == input.honest.size(),
            "every honest node has an entry of the Fiedler vector");
  std::vector<double> away(input.dimension(), 0.0);
  for (std::size_t j = 0; j < input.honest.size(); ++j)
    for (std::size_t c = 0; c < away.size(); ++c)
      away[c] += target.honest_fiedler[j] * (double(input.honest[j][c]) - double(target.own[c]));
  for (double& value : away) value *= target.fiedler;
  return away;
}

template <class Real>
std::vector<Real> craft_spectral(AttackInput<Real> input) {
  if (input.target == nullptr || input.target->own == nullptr) return own_vector(input);
  const Real* own = input.target->own;
  // Without a Fiedler vector (an honest part in pieces) there is no bottleneck to push apart at.
  if (input.target->honest_fiedler.empty()) return own_vector(input);
  const Line line{{own, own + input.dimension()}, away_from_other_side(input)};
  if (input.parameters.is_word("strength")) return most_damaging(input, line.origin, line);
  return rounded<Real>(line.at(input.parameters.real("strength")));
}

}  // namespace

Attack spectral() {
  return {
      .declaration =
          {.name = "spectral",
           .summary = "to each neighbour: its own vector plus strength times its part of what "
                      "separates the two sides of the graph's bottleneck; an honest vector where "
                      "it is not known",
           .source = "renaudgaucher/Byzantine-Robust-Gossip: x_i + c v_i sum_j v_j x_j with the "
                     "Fiedler vector v of the honest nodes, whose search is \"evaluations\": 16, "
                     "\"delta\": 1; here v has norm 1, a positive strength drives the sides "
                     "apart whatever the sign of v, and the damage searched for is the distance "
                     "to the honest combine, not the length of the result",
           .parameters = strength_parameters(
               real("strength", 1, 0, 1e12,
                    "how many times its part is added; search: what moves the receiver's combine "
                    "farthest")
                   .or_default_word("search"))},
      .uses_honest = true,
      .craft_float = craft_spectral<float>,
      .craft_double = craft_spectral<double>,
      .per_receiver = true};
}

}  // namespace byzsim::attacks_list
