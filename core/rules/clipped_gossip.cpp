#include <algorithm>
#include <cmath>

#include "core/rules/gossip.h"

namespace byzsim::rules_list {
namespace {

// The radius at which the honest neighbours' weighted squares balance the weight of f others, with
// the closest neighbours in place of the honest ones.
double adaptive_radius(std::vector<Neighbour> neighbours, int f) {
  // No weight to balance: a plain gossip step.
  if (f == 0) return kUnbounded;
  double left = -f, squares = 0;
  for (const Neighbour& neighbour : neighbours) left += neighbour.count;
  for (const Neighbour& neighbour : nearest_first(std::move(neighbours))) {
    if (left <= kCountSlack) break;
    squares += std::min(left, neighbour.count) * neighbour.distance * neighbour.distance;
    left -= neighbour.count;
  }
  return std::sqrt(squares / f);
}

// 0 where there are not two.
double second_largest_distance(std::vector<Neighbour> neighbours) {
  return neighbours.size() < 2 ? 0 : farthest_first(std::move(neighbours))[1].distance;
}

template <class Real>
double radius_of(const RuleInput<Real>& input, const std::vector<Neighbour>& neighbours) {
  if (!input.parameters.is_word("radius")) return input.parameters.real("radius");
  return input.parameters.word("radius") == "adaptive" ? adaptive_radius(neighbours, input.f)
                                                       : second_largest_distance(neighbours);
}

template <class Real>
void aggregate_clipped_gossip(const RuleInput<Real>& input, Real* out) {
  const std::vector<Neighbour> neighbours = neighbours_of(input);
  clipped_step<Real>(input, neighbours, radius_of(input, neighbours), out);
}

Parameter radius_parameter() {
  return real("radius", 1, 0, kUnbounded,
              "the largest norm of a difference that is not clipped; adaptive: the root of the "
              "weighted squared distances of the closest neighbours over the weight of f "
              "neighbours, which the closest leave out (a neighbour counts by its weight over the "
              "largest); second_largest: the second largest distance of a neighbour")
      .or_default_word("adaptive")
      .or_word("second_largest");
}

}  // namespace

Rule clipped_gossip() {
  return gossip_rule(
      {.name = "clipped_gossip",
       .summary = "moves the own vector by the weighted differences to those of the "
                  "neighbours, each clipped to a radius",
       .source = "ClippedGossip, or self-centered clipping; second_largest as in the code "
                 "of byzantine-robust-decentralized-optimizer, adaptive as in that of "
                 "Byzantine-Robust-Gossip; condition: a majority of honest vectors",
       .parameters = {radius_parameter()},
       .aliases = {"ClippedGossip"}},
      aggregate_clipped_gossip<float>, aggregate_clipped_gossip<double>);
}

}  // namespace byzsim::rules_list
