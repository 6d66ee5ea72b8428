#include <algorithm>

#include "core/rules/gossip.h"

namespace byzsim::rules_list {
namespace {

// What stays of each neighbour: nothing of the first, all of the last, a part of one at most.
std::vector<double> shares_kept(const std::vector<Neighbour>& farthest, int removed) {
  double left = removed;
  std::vector<double> shares;
  for (const Neighbour& neighbour : farthest) {
    const double taken = std::min(left, neighbour.count);
    const bool whole = neighbour.count - taken <= kCountSlack;
    shares.push_back(whole ? 0 : (neighbour.count - taken) / neighbour.count);
    left = std::max(0.0, left - neighbour.count);
  }
  return shares;
}

template <class Real>
void aggregate_gts(const RuleInput<Real>& input, Real* out) {
  const std::vector<Neighbour> farthest = farthest_first(neighbours_of(input));
  const std::vector<double> shares =
      shares_kept(farthest, count_chosen_by(input.parameters.word("removed"), input.f));
  gossip_step<Real>(input, farthest, shares, out);
  if (input.counts != nullptr)
    input.counts->removed = std::count(shares.begin(), shares.end(), 0.0);
}

}  // namespace

Rule gts() {
  return gossip_rule(
      {.name = "gts",
       .summary = "moves the own vector by the weighted differences to those of the "
                  "neighbours, without the f farthest",
       .source = "GTS, after the code of Byzantine-Robust-Gossip (Gaucher); "
                 "condition: a majority of honest vectors",
       .parameters = {word("removed", {"f", "f-1", "f+1"},
                           "how many of the farthest neighbours are left out, counted by "
                           "their weights over the largest: f by definition; of one at the "
                           "boundary the rest of its weight stays")},
       .aliases = {"GTS"}},
      aggregate_gts<float>, aggregate_gts<double>);
}

}  // namespace byzsim::rules_list
