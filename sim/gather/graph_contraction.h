// One combine on a graph whose nodes are on a line, as exactly as it can be computed: the largest
// drift that it can leave, the distance of the two honest nodes that are farthest apart.
//
// Every honest node combines its own value with those of all its neighbours by the rule, as in
// `gossip`. A Byzantine neighbour sends each of them what it likes: any number, an infinity, NaN,
// or nothing. Nodes are sent different values, so that each moves within an interval of its own,
// whatever the others are sent, and the largest drift is the largest difference between the high
// end of one node's interval and the low end of another's.
//
// The ends of an interval follow from finitely many cases. What is not finite and what is not sent
// are cases of their own. Over the finite values that are left the rule is linear between the lines
// on which one of its comparisons is a tie (linear_pieces.h):
//   - two values are equal (average, median, trimmed_mean, bridge);
//   - two are equally far from the own one, on one side of it or on two (clipped_gossip, cs_plus,
//     gts, monna);
//   - one is the clipping radius away from the own one (clipped_gossip);
//   - two are equally far from the weighted mean of those left when up to f - 1 were dropped (ios).
// An adaptive radius is a root of squares, and a rule that compares sums of squares has no lines:
// these are refused.
#pragma once

#include <cstdint>
#include <vector>

#include "core/graphs/placement.h"
#include "core/graphs/weights.h"
#include "core/input/issue.h"
#include "core/pre_aggregators/aggregation.h"
#include "sim/gather/linear_pieces.h"

namespace byzsim {

/// A combine about to happen on a graph.
struct GraphGather {
  /// Of the honest nodes, in their order: whole numbers, so that ties are exact.
  std::vector<std::int64_t> positions;
  PlacedGraph placed;
  GossipWeights weights = GossipWeights::metropolis;
  /// How many Byzantine neighbours each honest node assumes.
  std::vector<std::int64_t> tolerated;
  /// Its f is not used. A radius is in units of the positions.
  Aggregation aggregation;
};

/// A node with more neighbours is refused, and one with more than kMostForged Byzantine ones.
inline constexpr std::size_t kMostCombined = 5;

/// What keeps a combine from being computed: too many neighbours, a rule without lines, an honest
/// node alone. Places are those of a scenario. The functions below want none of it.
Issues problems_of(const GraphGather& gather);

/// What a node can be made to adopt: the ends of the smallest closed interval that holds it all.
/// `node` is honest.
Extremes reach_of_node(const GraphGather& gather, std::size_t node);

/// Of all honest nodes.
struct GraphReach {
  std::vector<Extremes> nodes;
  std::int64_t before = 0;  ///< the drift of the positions
  double worst = 0;         ///< the largest drift after the combine; infinite: without bound
  std::size_t above = 0;    ///< one of the two nodes that it can leave farthest apart, and
  std::size_t below = 0;    ///< the other, lower one; the first such pair
};
GraphReach worst_reach(const GraphGather& gather);

}  // namespace byzsim
