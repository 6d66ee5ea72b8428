#include "core/rules/gossip.h"

namespace byzsim::rules_list {
namespace {

// The largest distance with at least `count` neighbours strictly beyond it: that of the own vector,
// 0, where no neighbour's will do.
double clipping_threshold(const std::vector<Neighbour>& farthest, int count) {
  double beyond = 0, equal = 0;
  for (std::size_t k = 0; k < farthest.size(); ++k) {
    // Those equally far are not beyond each other.
    if (k > 0 && farthest[k].distance < farthest[k - 1].distance) {
      beyond += equal;
      equal = 0;
    }
    if (beyond >= count - kCountSlack) return farthest[k].distance;
    equal += farthest[k].count;
  }
  return 0;
}

template <class Real>
void aggregate_cs_plus(const RuleInput<Real>& input, Real* out) {
  const std::vector<Neighbour> farthest = farthest_first(neighbours_of(input));
  const int count = count_chosen_by(input.parameters.word("beyond"), 2 * input.f);
  clipped_step<Real>(input, farthest, clipping_threshold(farthest, count), out);
}

}  // namespace

Rule cs_plus() {
  return gossip_rule(
      {.name = "cs_plus",
       .summary = "moves the own vector by the weighted differences to those of the "
                  "neighbours, clipped to the largest distance beyond which 2f of them lie",
       .source = "CS+-RG, after the code of Byzantine-Robust-Gossip (Gaucher); "
                 "condition: a majority of honest vectors",
       .parameters = {word("beyond", {"2f", "2f-1", "2f+1"},
                           "how many neighbours, counted by their weights over the largest, "
                           "must lie strictly beyond the clipping threshold: 2f by "
                           "definition; 2f-1 makes it the 2f-th largest distance")},
       .aliases = {"CS+", "CS+-RG"}},
      aggregate_cs_plus<float>, aggregate_cs_plus<double>);
}

}  // namespace byzsim::rules_list
