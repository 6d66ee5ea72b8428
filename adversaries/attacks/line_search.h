// The search of the attacks that know the receiver's aggregation: along a line, the point that
// moves the aggregate farthest from the mean of the honest vectors (after Shejwalkar and
// Houmansadr, NDSS 2021, with the search of ByzFL). On a graph it is a search for each receiver, of
// the point that moves its combine farthest from what its honest neighbours alone would make of it
// (assumed_combine.h), as in renaudgaucher/Byzantine-Robust-Gossip.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "adversaries/attacks/attack.h"

namespace byzsim {

/// ByzFL's search, which may miss the largest value: it grows x from `start` by `delta`, which
/// doubles, until the objective no longer grows; then it adds ever smaller steps where they help.
struct LineSearch {
  std::int64_t evaluations;  ///< of the objective, the first at `start` included
  double start;
  double delta;  ///< the first step
  double ratio;  ///< each later step is this times the one before
};

/// The best x that the search meets; `start` unless another is strictly better. An objective that
/// is not finite counts as -infinity: such a result would give the attacker away, and NaN has no
/// order.
double maximize(const LineSearch& search, const std::function<double(double)>& objective);

/// The points origin + x * direction, in double; both have one dimension.
struct Line {
  std::vector<double> origin;
  std::vector<double> direction;
  std::vector<double> at(double x) const;
};

/// The vectors that a server is assumed to aggregate: the honest ones known (or the attacker's
/// own), then `f` copies of `candidate`.
template <class Real>
std::vector<const Real*> attacked(const AttackInput<Real>& input,
                                  const std::vector<Real>& candidate);

/// The point of the line that the search finds to lead the defence farthest from `mean`; that of a
/// receiver on a graph, whose vector is known, farthest from honest_combine().
template <class Real>
std::vector<Real> most_damaging(const AttackInput<Real>& input, const std::vector<double>& mean,
                                const Line& line);

/// The parameters evaluations, start, delta and ratio of such an attack, which choose between the
/// scan (factor_scan.h) and the line search.
std::vector<Parameter> line_search_parameters();
/// The same, and the point from which the line departs (departure.h).
std::vector<Parameter> departing_search_parameters(std::string usual);

/// `strength`, which may be the word "search", then the parameters of its search.
std::vector<Parameter> strength_parameters(Parameter strength);

}  // namespace byzsim
